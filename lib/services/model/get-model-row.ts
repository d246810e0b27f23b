import { findModelRow } from "#db/postgres/queries/model.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";

export async function getModelRow(scope: PostgresScope, name: string) {
  const model = await findModelRow(scope, name);
  if (model === null) throw new AppError("not_found", `There is no model "${name}".`);
  return model;
}
