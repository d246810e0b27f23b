import { listExpectationRows } from "#db/postgres/queries/expectation.ts";
import { expectationListInput, expectationListOutput } from "#lib/api/quality.ts";
import { defineService } from "../define-service.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { askKeys } from "./ask-keys.ts";
import { toExpectation } from "./to-quality.ts";

export const noWindow: ProfileSide = { rowCount: 0, keys: [] };

/** What every feature is expected to be: learned from the baseline, unless a person said otherwise. */
export const listExpectations = defineService({
  name: "listExpectations",
  role: "viewer",
  input: expectationListInput,
  output: expectationListOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const [reference, rows] = await Promise.all([
      readReference(ctx, scope, { reference: "baseline" }),
      listExpectationRows(ctx, scope.modelId),
    ]);
    const stored = new Map(rows.map((row) => [row.feature, row]));
    const declared = new Map(rows.map((row) => [row.feature, row.declared]));
    const { keys } = askKeys({
      reference: reference?.side ?? null,
      window: noWindow,
      types: scope.types,
      declared,
    });
    return {
      model: scope.model,
      version: scope.version,
      reference: reference?.described ?? null,
      features: keys
        .filter((key) => key.subject === "feature")
        .map(({ feature, asked }) => ({
          feature,
          provenance: stored.get(feature)?.provenance ?? ("learned" as const),
          learned: toExpectation(asked.learned),
          declared: declared.get(feature) ?? null,
          expected: toExpectation(asked.expectation),
        }))
        .sort((a, b) => (a.feature < b.feature ? -1 : 1)),
    };
  },
});
