import type { PostgresPool } from "#db/postgres/client.ts";
import type { OverdueKind } from "#db/postgres/queries/overdue.ts";
import { countOverdue, overdueKinds } from "#db/postgres/queries/overdue.ts";
import type { GuardOptions } from "#lib/notify/guarded-fetch.ts";
import { guardedFetch } from "#lib/notify/guarded-fetch.ts";
import { redactText } from "#lib/notify/redact-text.ts";

/** The loops look every second: what is this late has been forgotten, or they stand still. */
const lateMs = 5 * 60_000;

export interface HeartbeatContext {
  postgres: PostgresPool;
  guard: GuardOptions;
  /** Of a service outside that sounds an alarm when it is not called. */
  url: string;
  now: Date;
  /** Only this one's work. */
  workspaceId?: string;
}

export type Heartbeat =
  | { kind: "sent" }
  /** Kept back, so that the alarm sounds. */
  | { kind: "late"; overdue: Record<OverdueKind, number> }
  | { kind: "failed"; reason: string };

/** Calls the dead man's switch, and only if everything that was due was done: nobody inside can say that the inside stands still. */
export async function sendHeartbeat({
  postgres,
  guard,
  url,
  now,
  workspaceId,
}: HeartbeatContext): Promise<Heartbeat> {
  const lateBefore = new Date(now.getTime() - lateMs);
  const overdue = await countOverdue(postgres.db, { lateBefore, workspaceId });
  if (overdueKinds.some((kind) => overdue[kind] > 0)) return { kind: "late", overdue };
  const result = await guardedFetch({ url, method: "POST", headers: {}, body: "" }, guard);
  if (result.kind === "failure") return { kind: "failed", reason: result.message };
  return result.status >= 200 && result.status < 300
    ? { kind: "sent" }
    : { kind: "failed", reason: redactText(`HTTP ${result.status} ${result.body}`, [url]) };
}
