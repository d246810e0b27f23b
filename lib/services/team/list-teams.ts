import { z } from "zod";
import { listPolicyRows } from "#db/postgres/queries/escalation.ts";
import { listModelOwners, listTeamMemberRows, listTeamRows } from "#db/postgres/queries/team.ts";
import { teamListOutput } from "#lib/api/team.ts";
import { defineService } from "../define-service.ts";

export const listTeams = defineService({
  name: "listTeams",
  role: "viewer",
  input: z.object({}),
  output: teamListOutput,
  writes: false,
  async run(ctx) {
    const teams = await listTeamRows(ctx);
    const ids = teams.map(({ id }) => id);
    const members = ids.length === 0 ? [] : await listTeamMemberRows(ctx, ids);
    const models = await listModelOwners(ctx);
    const policies = new Map((await listPolicyRows(ctx)).map(({ id, name }) => [id, name]));
    return {
      teams: teams.map((team) => ({
        id: team.id,
        name: team.name,
        members: members
          .filter(({ teamId }) => teamId === team.id)
          .map(({ userId, name }) => ({ userId, name })),
        escalationPolicyId: team.escalationPolicyId,
        escalationPolicyName: policies.get(team.escalationPolicyId ?? "") ?? null,
        destinationIds: team.destinationIds,
        models: models.filter(({ teamId }) => teamId === team.id).map(({ name }) => name),
      })),
      unownedModels: models.filter(({ teamId }) => teamId === null).map(({ name }) => name),
    };
  },
});
