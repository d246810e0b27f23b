import { listSkewTolerances } from "#db/postgres/queries/expectation.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { DeclaredTolerance, SkewTolerance } from "#lib/domain/skew.ts";
import { defaultSkewTolerance } from "#lib/domain/skew.ts";

export type Tolerances = ReadonlyMap<string, SkewTolerance>;

/** Only of features of which a person said one. */
export async function readTolerances(scope: PostgresScope, modelId: string): Promise<Tolerances> {
  const rows = await listSkewTolerances(scope, modelId);
  return new Map(rows.map(({ feature, tolerance }) => [feature, toTolerance(tolerance)]));
}

export const toTolerance = (declared: DeclaredTolerance | undefined): SkewTolerance => ({
  ...defaultSkewTolerance,
  ...declared,
});

/** As the statements that join both sides take them. */
export function toleranceParamsOf(tolerances: Tolerances) {
  const all = [...tolerances.values()];
  return {
    toleranceFeatures: [...tolerances.keys()],
    toleranceAbsolutes: all.map(({ absolute }) => absolute),
    toleranceRelatives: all.map(({ relative }) => relative),
  };
}
