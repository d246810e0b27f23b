import { z } from "zod";
import { listPolicyRows } from "#db/postgres/queries/escalation.ts";
import { listTeamRows } from "#db/postgres/queries/team.ts";
import { policyListOutput } from "#lib/api/escalation.ts";
import { defineService } from "../define-service.ts";
import type { FoundTargets } from "./find-targets.ts";
import { findTargets } from "./find-targets.ts";

export const listPolicies = defineService({
  name: "listPolicies",
  role: "viewer",
  input: z.object({}),
  output: policyListOutput,
  writes: false,
  async run(ctx) {
    const teams = await listTeamRows(ctx);
    const policies = [];
    for (const row of await listPolicyRows(ctx)) {
      const found: FoundTargets[] = [];
      for (const level of row.rules.levels)
        found.push(await findTargets(ctx.pg, ctx.workspaceId, level, ctx.now));
      policies.push({
        id: row.id,
        name: row.name,
        rules: row.rules,
        isDefault: row.isDefault,
        revision: row.revision,
        teams: teams
          .filter(({ escalationPolicyId }) => escalationPolicyId === row.id)
          .map(({ name }) => name),
        levels: found.map(sayLevel),
        problems: found.flatMap(({ problems }, i) =>
          problems.map((words) => `level ${i + 1}: ${words}`),
        ),
      });
    }
    return { policies };
  },
});

const namedMax = 4;

/** "Ada (on call for Primary), 1 destination". */
function sayLevel({ people, destinationIds }: FoundTargets): string {
  const named = people
    .slice(0, namedMax)
    .map(({ name, via }) => (via === "" ? name : `${name} (${via})`));
  const more = people.length > namedMax ? [`${people.length - namedMax} more`] : [];
  const count = destinationIds.length;
  const places = count === 0 ? [] : [count === 1 ? "1 destination" : `${count} destinations`];
  const all = [...named, ...more, ...places];
  return all.length === 0 ? "nobody" : all.join(", ");
}
