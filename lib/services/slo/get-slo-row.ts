import type { NamedSlo } from "#db/postgres/queries/slo.ts";
import { findSloRow } from "#db/postgres/queries/slo.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";

export async function getSloRow(scope: PostgresScope, sloId: string): Promise<NamedSlo> {
  const found = await findSloRow(scope, sloId);
  if (found === null) throw new AppError("not_found", "There is no such objective.");
  return found;
}
