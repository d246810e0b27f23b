import { sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { isToTell, neglected } from "./incident-audit.ts";

const neglectedForMs = 15 * 60_000;

export const overdueKinds = [
  "monitors",
  "objectives",
  "incidents",
  "messages",
  "neglected",
] as const;
export type OverdueKind = (typeof overdueKinds)[number];

/** What should have been done before `lateBefore` and was not, over all workspaces: questions that were not asked, incidents that
 *  nobody looked after, messages that nobody tried to send, incidents whose neglect the auditor should have ended. What a receiver asked to wait for is not late. */
export async function countOverdue(
  pg: Postgres,
  { lateBefore, workspaceId }: { lateBefore: Date; workspaceId?: string | undefined },
): Promise<Record<OverdueKind, number>> {
  const late = sql`${lateBefore.toISOString()}::timestamptz`;
  const mine = workspaceId === undefined ? sql`true` : sql`workspace_id = ${workspaceId}`;
  // The auditor looks at what is as old as this, and had as long again to be heard.
  const neglectedBefore = new Date(lateBefore.getTime() - neglectedForMs);
  const found = await pg.execute<{ what: OverdueKind; count: string }>(sql`
    SELECT 'monitors' AS what, count(*) AS count FROM monitors WHERE is_enabled AND due_at < ${late} AND ${mine}
    UNION ALL SELECT 'objectives', count(*) FROM slos WHERE is_enabled AND due_at < ${late} AND ${mine}
    UNION ALL SELECT 'incidents', count(*) FROM incidents WHERE tick_at < ${late} AND ${mine}
    UNION ALL SELECT 'neglected', count(*) FROM (${neglected(neglectedBefore)}) AS open_one WHERE ${isToTell} AND ${mine}
    UNION ALL SELECT 'messages', count(*) FROM (SELECT * FROM notifications WHERE ${mine}) AS waiting
      JOIN destinations AS place ON place.id = waiting.destination_id
    WHERE waiting.state IN ('queued', 'failed', 'sending') AND waiting.next_at < ${late}
      AND (place.paused_until IS NULL OR place.paused_until < ${late})
      AND NOT EXISTS (SELECT 1 FROM notifications AS earlier
        WHERE earlier.destination_id = waiting.destination_id AND earlier.incident_id = waiting.incident_id
          AND earlier.state IN ('queued', 'failed', 'sending')
          AND (earlier.sequence, earlier.position) < (waiting.sequence, waiting.position))`);
  const counts = new Map(found.rows.map(({ what, count }) => [what, Number(count)]));
  const countOf = (what: OverdueKind) => counts.get(what) ?? 0;
  return {
    monitors: countOf("monitors"),
    objectives: countOf("objectives"),
    incidents: countOf("incidents"),
    messages: countOf("messages"),
    neglected: countOf("neglected"),
  };
}
