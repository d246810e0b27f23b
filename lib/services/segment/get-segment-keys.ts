import { listSegmentKeyRows } from "#db/postgres/queries/segment.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";

/** The declared keys of a model; one that is asked for by name and not among them is not found. */
export async function getSegmentKeys(
  scope: PostgresScope,
  model: { id: string; name: string },
  wanted?: string,
): Promise<string[]> {
  const rows = await listSegmentKeyRows(scope, model.id);
  const keys = rows.map(({ key }) => key);
  if (wanted !== undefined && !keys.includes(wanted)) {
    const declared = keys.length === 0 ? "none is declared" : `declared are ${keys.join(", ")}`;
    throw new AppError(
      "not_found",
      `"${model.name}" has no segment key "${wanted}"; ${declared}.`,
      { details: [{ path: "segmentKey", message: `must be a declared key; ${declared}` }] },
    );
  }
  return keys;
}
