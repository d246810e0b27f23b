import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Postgres } from "#db/postgres/client.ts";
import { auditLog } from "#db/postgres/schema/keys.ts";
import type { AuditEntry } from "./context.ts";

/** A deed and whose it was, as both kinds of service write it down. */
export interface AuditRecord extends AuditEntry {
  workspaceId: string | null;
  actorKind: string;
  actorId: string;
}

/** Writes down what a writing service said; one that said nothing is refused, and with it the transaction. */
export async function insertAudit(
  tx: Postgres,
  service: string,
  entries: readonly (AuditRecord | "unchanged")[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) {
    throw new Error(`${service} writes but said nothing to the audit log.`);
  }
  const rows = entries
    .filter((entry) => entry !== "unchanged")
    .map((entry) => ({
      id: randomUUID(),
      workspaceId: entry.workspaceId,
      actorKind: entry.actorKind,
      actorId: entry.actorId,
      action: entry.action,
      targetKind: entry.targetKind,
      targetId: entry.targetId,
      before: entry.before ?? null,
      after: entry.after ?? null,
      at: now,
    }));
  if (rows.length > 0) await tx.insert(auditLog).values(rows);
}

/** The schema at the door speaks of the caller's mistakes; any that fails behind it is one of ours. */
export async function runChecked<T>(service: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof z.core.$ZodError)) throw error;
    throw new Error(`${service} broke a contract of its own`, { cause: error });
  }
}
