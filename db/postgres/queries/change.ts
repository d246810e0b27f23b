import { and, desc, eq, gte, inArray, lt, ne, sql } from "drizzle-orm";
import { changeLimits } from "#lib/domain/change.ts";
import { changeEvents } from "../schema/changes.ts";
import { incidents } from "../schema/incidents.ts";
import { models, modelVersions } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

export type StoredChange = typeof changeEvents.$inferSelect;
export type NewChange = Omit<typeof changeEvents.$inferInsert, "workspaceId" | "position">;

/** Stores those whose id is new, and answers which they were. */
export async function insertChanges(
  { pg, workspaceId }: PostgresScope,
  changes: readonly NewChange[],
): Promise<Set<string>> {
  if (changes.length === 0) return new Set();
  const stored = await pg
    .insert(changeEvents)
    .values(changes.map((change) => ({ ...change, workspaceId })))
    .onConflictDoNothing({ target: [changeEvents.workspaceId, changeEvents.id] })
    .returning({ id: changeEvents.id });
  return new Set(stored.map(({ id }) => id));
}

export async function listChangesById(
  { pg, workspaceId }: PostgresScope,
  ids: readonly string[],
): Promise<StoredChange[]> {
  if (ids.length === 0) return [];
  return pg
    .select()
    .from(changeEvents)
    .where(and(eq(changeEvents.workspaceId, workspaceId), inArray(changeEvents.id, [...ids])))
    .limit(ids.length);
}

export interface ChangeWindow {
  /** Those of this model and those of all models; left out: every model's. */
  modelName?: string | undefined;
  /** Those of it and those of all environments. */
  environment?: string | undefined;
  from: Date;
  until: Date;
}

/** What senders told of a stretch of time, newest first. */
export function listChangeRows(
  { pg, workspaceId }: PostgresScope,
  { modelName, environment, from, until }: ChangeWindow,
): Promise<StoredChange[]> {
  return pg
    .select()
    .from(changeEvents)
    .where(
      and(
        eq(changeEvents.workspaceId, workspaceId),
        gte(changeEvents.occurredAt, from),
        lt(changeEvents.occurredAt, until),
        modelName === undefined ? undefined : inArray(changeEvents.modelName, [modelName, ""]),
        environment === undefined
          ? undefined
          : inArray(changeEvents.environment, [environment, ""]),
      ),
    )
    .orderBy(desc(changeEvents.occurredAt), desc(changeEvents.position))
    .limit(changeLimits.listedMax);
}

/** Versions whose first rows came in a stretch of time, newest first. That of a model's first day is none: nothing was there to change. */
export function listFirstSeen(
  { pg, workspaceId }: PostgresScope,
  { modelName, environment, from, until }: ChangeWindow,
) {
  return pg
    .select({
      model: models.name,
      environment: modelVersions.environment,
      version: modelVersions.version,
      firstSeenAt: modelVersions.firstSeenAt,
    })
    .from(modelVersions)
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .where(
      and(
        eq(models.workspaceId, workspaceId),
        gte(modelVersions.firstSeenAt, from),
        lt(modelVersions.firstSeenAt, until),
        sql`${modelVersions.firstSeenAt} >= ${models.firstSeenAt} + interval '1 day'`,
        modelName === undefined ? undefined : eq(models.name, modelName),
        environment === undefined ? undefined : eq(modelVersions.environment, environment),
      ),
    )
    .orderBy(desc(modelVersions.firstSeenAt), models.name, modelVersions.version)
    .limit(changeLimits.listedMax);
}

/** Incidents that were found in a stretch of time, newest first; tests and what was merged away are none. */
export function listIncidentsBetween(
  { pg, workspaceId }: PostgresScope,
  { modelName, environment, from, until }: ChangeWindow,
) {
  return pg
    .select({
      number: incidents.number,
      title: incidents.title,
      detectedAt: incidents.detectedAt,
    })
    .from(incidents)
    .where(
      and(
        eq(incidents.workspaceId, workspaceId),
        eq(incidents.mode, "real"),
        ne(incidents.state, "merged"),
        gte(incidents.detectedAt, from),
        lt(incidents.detectedAt, until),
        modelName === undefined ? undefined : eq(incidents.modelName, modelName),
        environment === undefined ? undefined : inArray(incidents.environment, [environment, ""]),
      ),
    )
    .orderBy(desc(incidents.detectedAt), desc(incidents.number))
    .limit(incidentsMax);
}

const incidentsMax = 200;
