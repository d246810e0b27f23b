import { setImmediate } from "node:timers/promises";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import type { EstimatedHour } from "#db/clickhouse/inserts/estimate-rows.ts";
import { insertEstimatedHours } from "#db/clickhouse/inserts/estimate-rows.ts";
import type { AnsweredRow } from "#db/clickhouse/queries/estimate-rows.ts";
import {
  answeredPredictions,
  estimatedRowsMax,
  staleEstimateHours,
} from "#db/clickhouse/queries/estimate-rows.ts";
import { listVersionsSeenSince } from "#db/postgres/queries/active-models.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import { listFeatureRows } from "#db/postgres/queries/model.ts";
import { markMonitorWindows } from "#db/postgres/queries/monitor-window.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { leftEdgeOn } from "#lib/stats/float-grid.ts";
import { predictLosses } from "#lib/stats/performance/direct-loss.ts";
import { expectCells } from "#lib/stats/performance/multiclass-estimate.ts";
import type { ServiceContext, Stores } from "../context.ts";
import { numberOrNull } from "../joint/to-joint-column.ts";
import { toClassRow } from "./class-rows.ts";
import type { TypedFeature } from "./loss-columns.ts";
import { toLossColumns } from "./loss-columns.ts";
import type { StoredModel } from "./stored-reference.ts";
import { estimateMethod, readEstimateModel } from "./stored-reference.ts";

export interface EstimateHoursOptions {
  workspaceId: string;
  modelId: string;
  now: Date;
  signal?: AbortSignal;
}

/** Hours keep their own performance for 400 days; those that are about to go are left alone. */
const daysMax = 395;
/** Of an hour with more rows these are enough: they add a seventieth of a standard deviation to its mean loss. */
const hourRowsMax = 5_000;
/** A run that has done so many statements leaves the rest to the next. */
const batchesMax = 20;
/** Scores are kept on 32 bins to the octave. */
const edgeOf = leftEdgeOn({ resolution: 5, zeroFloor: 0 });

/** Estimates the hours of a model whose performance moved since, the newest first: by its rows, where it takes more than the scores
 *  that are kept of an hour. Answers how many hours it did; a second run does none. */
export async function estimateHours(
  stores: Stores,
  { workspaceId, modelId, now, signal }: EstimateHoursOptions,
): Promise<number> {
  const pg = stores.postgres.db;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  const ctx = { pg, ch, workspaceId, signal };
  const task = await findModelTask(pg, modelId);
  if (task !== "regression" && task !== "multiclass") return 0;
  const fromTime = new Date(now.getTime() - daysMax * grainMs["1d"]);
  const types = await listFeatureRows(ctx, modelId);
  let count = 0;
  for (const seen of await listVersionsSeenSince(pg, workspaceId, modelId, fromTime)) {
    const baseline = await findActiveBaseline(ctx, modelId, seen.version);
    if (baseline === null) continue;
    const { environment, version } = seen;
    const key = { modelId, baselineId: baseline.id, environment, version, method: estimateMethod };
    const stale = await ch.query(staleEstimateHours, { ...key, fromTime }, signal);
    // Asked first: a model of trees is large, and mostly there is nothing to do.
    const model = stale.length === 0 ? null : await readEstimateModel(ctx, baseline.id, task);
    if (model === null) continue;
    const features = featuresOf(model, types);
    for (const hours of cutIntoBatches(stale).slice(0, batchesMax)) {
      signal?.throwIfAborted();
      const revision = await nextProfileRevision(pg);
      const rows = await readRows(ctx, key, features, hours);
      const done = hours.map((hour) =>
        estimateHour(model, features, hour, rows.get(hour.bucketSeconds) ?? []),
      );
      await insertEstimatedHours(stores.clickhouse, {
        ...key,
        workspaceId,
        revision,
        hours: done,
      });
      // Monitors may have asked about these hours already, and could not say.
      const stretches = hours.map(({ bucketSeconds }) => ({
        fromTime: new Date(bucketSeconds * 1_000),
        untilTime: new Date(bucketSeconds * 1_000 + grainMs["1h"]),
      }));
      await markMonitorWindows(pg, { modelId, kinds: ["estimated_performance"], now }, stretches);
      count += done.length;
      await setImmediate();
    }
  }
  return count;
}

interface StaleHour {
  bucketSeconds: number;
  rowCount: number;
  seenRevision: number;
}

/** As many hours as one statement may read the rows of. */
function cutIntoBatches(stale: readonly StaleHour[]): StaleHour[][] {
  const batches: { hours: StaleHour[]; rows: number }[] = [];
  for (const hour of stale) {
    const rows = Math.min(hour.rowCount, hourRowsMax);
    const last = batches.at(-1);
    // Rows may have come since they were counted: half of what fits is left free.
    if (last !== undefined && last.rows + rows <= estimatedRowsMax / 2) {
      last.hours.push(hour);
      last.rows += rows;
    } else batches.push({ hours: [hour], rows });
  }
  return batches.map(({ hours }) => hours);
}

function featuresOf(
  model: StoredModel,
  types: readonly { name: string; type: TypedFeature["type"] }[],
): TypedFeature[] {
  if (model.kind === "multiclass") return [];
  const wanted = new Set(model.features);
  return types.filter(({ name }) => wanted.has(name)).map(({ name, type }) => ({ name, type }));
}

async function readRows(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  key: { modelId: string; environment: string; version: string },
  features: readonly TypedFeature[],
  hours: readonly StaleHour[],
): Promise<Map<number, AnsweredRow[]>> {
  const seconds = hours.map(({ bucketSeconds }) => bucketSeconds);
  const rows = await ctx.ch.query(
    answeredPredictions,
    {
      ...key,
      features: features.map(({ name }) => name),
      hours: seconds,
      fromTime: new Date(Math.min(...seconds) * 1000),
      untilTime: new Date(Math.max(...seconds) * 1000 + grainMs["1h"]),
      hourRowsMax: Math.min(hourRowsMax, Math.floor(estimatedRowsMax / hours.length)),
    },
    ctx.signal,
  );
  return Map.groupBy(rows, (row) => row.bucketSeconds);
}

const nothing = {
  lossNames: [],
  lossMeans: [],
  classNames: [],
  cellClasses: [],
  cellScores: [],
  cellDecided: [],
  cellCounts: [],
  cellPositives: [],
};

function estimateHour(
  model: StoredModel,
  features: readonly TypedFeature[],
  hour: StaleHour,
  rows: readonly AnsweredRow[],
): EstimatedHour {
  switch (model.kind) {
    case "regression": {
      const known = rows.filter((row) => numberOrNull(row.value) !== null);
      const losses = predictLosses(model.model, toLossColumns(features, known), known.length);
      const means = known.length === 0 ? [] : Object.entries(losses);
      return {
        ...nothing,
        ...hour,
        sampledCount: known.length,
        lossNames: means.map(([name]) => name),
        lossMeans: means.map(([, values]) => values.reduce((a, b) => a + b, 0) / known.length),
      };
    }
    case "multiclass": {
      const { classes } = model.model;
      const known = rows.filter(({ probabilities }) => Object.keys(probabilities).length > 1);
      const cells = expectCells(
        model.model,
        known.map((row) => toClassRow(row, classes)),
        edgeOf,
      );
      return {
        ...nothing,
        ...hour,
        sampledCount: known.length,
        classNames: classes,
        cellClasses: cells.map(({ className }) => classes.indexOf(className)),
        cellScores: cells.map(({ score }) => score),
        cellDecided: cells.map(({ isDecided }) => (isDecided ? 1 : 0)),
        cellCounts: cells.map(({ count }) => count),
        cellPositives: cells.map(({ positives }) => positives),
      };
    }
  }
}
