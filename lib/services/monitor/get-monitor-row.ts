import type { MonitorRow } from "#db/postgres/queries/monitor.ts";
import { findMonitorRow } from "#db/postgres/queries/monitor.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";

export async function getMonitorRow(scope: PostgresScope, monitorId: string): Promise<MonitorRow> {
  const monitor = await findMonitorRow(scope, monitorId);
  if (monitor === null) throw new AppError("not_found", "There is no such monitor.");
  return monitor;
}
