import { and, eq } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { monitors } from "../schema/monitors.ts";

export type MonitorRow = typeof monitors.$inferSelect;

/** What alerting needs of a monitor; null: it is gone. */
export async function findMonitorForAlerting(
  pg: Postgres,
  workspaceId: string,
  monitorId: string,
): Promise<MonitorRow | null> {
  const [found] = await pg
    .select()
    .from(monitors)
    .where(and(eq(monitors.workspaceId, workspaceId), eq(monitors.id, monitorId)))
    .limit(1);
  return found ?? null;
}
