import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import { findBaselineRow } from "#db/postgres/queries/baseline.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import { getModelRow } from "../model/get-model-row.ts";

/** A baseline of this workspace and, where one is named, of this model; another's is not found. */
export async function getBaselineRow(
  scope: PostgresScope,
  baselineId: string,
  model?: string,
): Promise<BaselineRow> {
  const owner = model === undefined ? null : await getModelRow(scope, model);
  const baseline = await findBaselineRow(scope, baselineId);
  if (baseline === null || (owner !== null && baseline.modelId !== owner.id)) {
    throw new AppError("not_found", `There is no baseline ${baselineId}.`);
  }
  return baseline;
}
