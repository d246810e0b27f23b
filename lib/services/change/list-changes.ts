import { listChangeRows, listFirstSeen } from "#db/postgres/queries/change.ts";
import { findModelName } from "#db/postgres/queries/model.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { ChangeEvent } from "#lib/domain/change.ts";
import { changeLimits } from "#lib/domain/change.ts";

export interface ChangeFilter {
  /** Changes of this model, and those that are of all models. Left out: of every model. */
  modelName?: string | undefined;
  /** The same by the model's id. */
  modelId?: string | undefined;
  environment?: string | undefined;
  from: Date;
  until: Date;
}

/** What was changed in a stretch of time, newest first: what senders told, and versions whose first rows came. */
export async function listChanges(
  scope: PostgresScope,
  { modelId, ...filter }: ChangeFilter,
): Promise<ChangeEvent[]> {
  const named = modelId === undefined ? null : await findModelName(scope, modelId);
  if (modelId !== undefined && named === null) return [];
  const window = { ...filter, modelName: named ?? filter.modelName };
  const told = await listChangeRows(scope, window);
  const seen = await listFirstSeen(scope, window);
  return [
    ...told.map(
      (row): ChangeEvent => ({
        id: row.id,
        kind: row.kind,
        title: row.title,
        model: row.modelName,
        environment: row.environment,
        version: row.version,
        source: row.source,
        url: row.url,
        occurredAt: row.occurredAt,
        recordedBy: row.recordedBy,
      }),
    ),
    ...seen.map(
      (row): ChangeEvent => ({
        id: `first-seen ${JSON.stringify([row.model, row.environment, row.version])}`,
        kind: "first_seen",
        title: `First rows of ${row.version} in ${row.environment}`,
        model: row.model,
        environment: row.environment,
        version: row.version,
        source: "Plumbline",
        url: null,
        occurredAt: row.firstSeenAt,
        recordedBy: "Plumbline",
      }),
    ),
  ]
    .sort((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime())
    .slice(0, changeLimits.listedMax);
}
