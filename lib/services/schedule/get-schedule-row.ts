import type { ScheduleRow } from "#db/postgres/queries/schedule.ts";
import { findScheduleRow } from "#db/postgres/queries/schedule.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";

export async function getScheduleRow(
  scope: PostgresScope,
  scheduleId: string,
): Promise<ScheduleRow> {
  const row = await findScheduleRow(scope, scheduleId);
  if (row === null) throw new AppError("not_found", "There is no such schedule.");
  return row;
}
