import type { Postgres } from "#db/postgres/client.ts";
import { findMonitorForAlerting } from "#db/postgres/queries/monitor.ts";
import { findSloForAlerting } from "#db/postgres/queries/slo.ts";
import type { AlertingMonitor } from "./apply-outcomes.ts";

/** Whatever asks its question on a schedule: a monitor, or an objective. Null: it is gone. */
export async function findAlertingMonitor(
  tx: Postgres,
  workspaceId: string,
  monitorId: string,
): Promise<AlertingMonitor | null> {
  return (
    (await findMonitorForAlerting(tx, workspaceId, monitorId)) ??
    (await findSloForAlerting(tx, workspaceId, monitorId))
  );
}
