import { sql } from "drizzle-orm";
import type { FeatureType, Task } from "#lib/domain/model.ts";
import type { Postgres } from "../client.ts";

export interface ModelSighting {
  /** For the model if it is new; what it is registered under comes back. */
  id: string;
  name: string;
  task: Task | null;
  versions: readonly (readonly [environment: string, version: string])[];
  features: readonly (readonly [name: string, type: FeatureType])[];
}

/** Registers what was seen on first sight and moves last_seen_at of the rest. Answers the id of every model by name; a
 *  workspace that is gone answers none. What a person confirmed or declared is not changed. */
export async function registerModels(
  pg: Postgres,
  workspaceId: string,
  sightings: readonly ModelSighting[],
  seenAt: Date,
): Promise<Map<string, string>> {
  const at = seenAt.toISOString();
  const sorted = [...sightings].sort((a, b) => (a.name < b.name ? -1 : 1));
  const seen = JSON.stringify(sorted.map(({ id, name, task }) => ({ id, name, task })));
  await pg.execute(sql`
    INSERT INTO models (id, workspace_id, name, task, first_seen_at)
    SELECT seen.id, workspaces.id, seen.name, seen.task, ${at}
    FROM jsonb_to_recordset(${seen}::jsonb) AS seen (id uuid, name text, task text)
    JOIN workspaces ON workspaces.id = ${workspaceId}
    ON CONFLICT (workspace_id, name) DO NOTHING`);
  const found = await pg.execute<{ id: string; name: string }>(sql`
    SELECT models.id, models.name FROM models
    JOIN jsonb_to_recordset(${seen}::jsonb) AS seen (name text) ON seen.name = models.name
    WHERE models.workspace_id = ${workspaceId}`);
  const ids = new Map(found.rows.map((row) => [row.name, row.id]));
  await inferTasks(pg, workspaceId, seen);
  await registerVersions(pg, sorted, ids, at);
  await registerFeatures(pg, sorted, ids, at);
  return ids;
}

/** Inferred tasks may still move from "two classes so far" to many, or to ranking; others stay as they are. */
async function inferTasks(pg: Postgres, workspaceId: string, seen: string): Promise<void> {
  await pg.execute(sql`
    UPDATE models SET task = seen.task
    FROM jsonb_to_recordset(${seen}::jsonb) AS seen (name text, task text)
    WHERE models.workspace_id = ${workspaceId} AND models.name = seen.name AND seen.task IS NOT NULL
      AND models.task_provenance = 'inferred'
      AND (models.task IS NULL OR (models.task = 'binary' AND seen.task IN ('multiclass', 'ranking')))`);
}

async function registerVersions(
  pg: Postgres,
  sightings: readonly ModelSighting[],
  ids: ReadonlyMap<string, string>,
  at: string,
): Promise<void> {
  const rows = sightings.flatMap(({ name, versions }) =>
    versions.map(([environment, version]) => ({ model_id: ids.get(name), environment, version })),
  );
  const known = rows.filter((row) => row.model_id !== undefined);
  if (known.length === 0) return;
  await pg.execute(sql`
    INSERT INTO model_versions (model_id, environment, version, first_seen_at, last_seen_at)
    SELECT DISTINCT model_id, environment, version, ${at}::timestamptz, ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(known)}::jsonb) AS seen (model_id uuid, environment text, version text)
    ORDER BY model_id, environment, version
    ON CONFLICT (model_id, environment, version)
    DO UPDATE SET last_seen_at = greatest(model_versions.last_seen_at, excluded.last_seen_at)`);
}

async function registerFeatures(
  pg: Postgres,
  sightings: readonly ModelSighting[],
  ids: ReadonlyMap<string, string>,
  at: string,
): Promise<void> {
  const rows = sightings.flatMap(({ name, features }) =>
    features.map(([feature, type]) => ({ model_id: ids.get(name), name: feature, type })),
  );
  const known = rows.filter((row) => row.model_id !== undefined);
  if (known.length === 0) return;
  await pg.execute(sql`
    INSERT INTO features (model_id, name, type, first_seen_at, last_seen_at)
    SELECT DISTINCT ON (model_id, name) model_id, name, type, ${at}::timestamptz, ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(known)}::jsonb) AS seen (model_id uuid, name text, type text)
    ORDER BY model_id, name
    ON CONFLICT (model_id, name)
    DO UPDATE SET last_seen_at = greatest(features.last_seen_at, excluded.last_seen_at)`);
}
