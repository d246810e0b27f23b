import { and, asc, count, desc, eq, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Postgres } from "../client.ts";
import { incidentImages, incidentNoteEdits, incidentPins } from "../schema/incident-room.ts";
import { incidentTimeline } from "../schema/incidents.ts";
import { apiKeys, auditLog } from "../schema/keys.ts";
import { users } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";
import type { TimelineRow } from "./incident.ts";

export type PinRow = typeof incidentPins.$inferSelect;
export type NoteEditRow = typeof incidentNoteEdits.$inferSelect;
export type ImageRow = typeof incidentImages.$inferSelect;

const pinsMax = 200;
const editsMax = 2_000;

export async function findTimelineEntry(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
  entryId: string,
): Promise<TimelineRow | null> {
  const [found] = await pg
    .select()
    .from(incidentTimeline)
    .where(
      and(
        eq(incidentTimeline.workspaceId, workspaceId),
        eq(incidentTimeline.incidentId, incidentId),
        eq(incidentTimeline.id, entryId),
      ),
    )
    .limit(1);
  return found ?? null;
}

export function listPins(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
): Promise<PinRow[]> {
  return pg
    .select()
    .from(incidentPins)
    .where(and(eq(incidentPins.workspaceId, workspaceId), eq(incidentPins.incidentId, incidentId)))
    .orderBy(asc(incidentPins.pinnedAt), asc(incidentPins.entryId))
    .limit(pinsMax);
}

export async function insertPin(pg: Postgres, row: PinRow): Promise<void> {
  await pg.insert(incidentPins).values(row).onConflictDoNothing();
}

export async function deletePin(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
  entryId: string,
): Promise<void> {
  await pg
    .delete(incidentPins)
    .where(
      and(
        eq(incidentPins.workspaceId, workspaceId),
        eq(incidentPins.incidentId, incidentId),
        eq(incidentPins.entryId, entryId),
      ),
    );
}

/** The corrections of an incident's notes, oldest first. */
export function listNoteEdits(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
): Promise<NoteEditRow[]> {
  return pg
    .select()
    .from(incidentNoteEdits)
    .where(
      and(
        eq(incidentNoteEdits.workspaceId, workspaceId),
        eq(incidentNoteEdits.incidentId, incidentId),
      ),
    )
    .orderBy(asc(incidentNoteEdits.recordedAt), asc(incidentNoteEdits.revision))
    .limit(editsMax);
}

/** False: somebody else has written this revision. */
export async function insertNoteEdit(pg: Postgres, row: NoteEditRow): Promise<boolean> {
  const inserted = await pg
    .insert(incidentNoteEdits)
    .values(row)
    .onConflictDoNothing()
    .returning({ revision: incidentNoteEdits.revision });
  return inserted.length > 0;
}

export async function insertImage(pg: Postgres, row: ImageRow): Promise<void> {
  await pg.insert(incidentImages).values(row).onConflictDoNothing();
}

export async function countImages(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
): Promise<number> {
  const [found] = await pg
    .select({ images: count() })
    .from(incidentImages)
    .where(
      and(eq(incidentImages.workspaceId, workspaceId), eq(incidentImages.incidentId, incidentId)),
    );
  return found?.images ?? 0;
}

export async function findImage(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
  hash: string,
): Promise<ImageRow | null> {
  const [found] = await pg
    .select()
    .from(incidentImages)
    .where(
      and(
        eq(incidentImages.workspaceId, workspaceId),
        eq(incidentImages.incidentId, incidentId),
        eq(incidentImages.hash, hash),
      ),
    )
    .limit(1);
  return found ?? null;
}

const historyMax = 500;

/** What the audit log has of one incident, newest first, with the names of people and keys that are still known. */
export async function listIncidentAudit({ pg, workspaceId }: PostgresScope, incidentId: string) {
  return pg
    .select({
      id: auditLog.id,
      at: auditLog.at,
      action: auditLog.action,
      actorKind: auditLog.actorKind,
      actorId: auditLog.actorId,
      userName: users.name,
      keyName: apiKeys.name,
      before: auditLog.before,
      after: auditLog.after,
    })
    .from(auditLog)
    .leftJoin(users, eq(sqlText(users.id), auditLog.actorId))
    .leftJoin(
      apiKeys,
      and(eq(sqlText(apiKeys.id), auditLog.actorId), eq(apiKeys.workspaceId, workspaceId)),
    )
    .where(
      and(
        eq(auditLog.workspaceId, workspaceId),
        eq(auditLog.targetKind, "incident"),
        eq(auditLog.targetId, incidentId),
      ),
    )
    .orderBy(desc(auditLog.at), desc(auditLog.id))
    .limit(historyMax);
}

/** The audit log names its actors in text, whatever they are. */
const sqlText = (column: AnyPgColumn) => sql<string>`${column}::text`;
