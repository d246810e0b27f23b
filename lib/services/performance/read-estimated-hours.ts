import { estimatedHours } from "#db/clickhouse/queries/estimate-rows.ts";
import type { LossMeans } from "#lib/stats/performance/direct-loss.ts";
import { metricsOfLosses } from "#lib/stats/performance/direct-loss.ts";
import type { MetricNumbers } from "#lib/stats/performance/estimate.ts";
import type { ExpectedCell } from "#lib/stats/performance/multiclass-estimate.ts";
import { addCells, metricsOfCells } from "#lib/stats/performance/multiclass-estimate.ts";
import type { ServiceContext } from "../context.ts";
import type { CalendarBucket } from "./calendar-buckets.ts";
import type { PerformanceKey } from "./read-buckets.ts";
import { estimateMethod } from "./stored-reference.ts";

type Hour = Awaited<ReturnType<typeof readHours>>[number];

/** What the worker estimated of each bucket from its rows. A bucket of which fewer than nine tenths of the rows are estimated yet
 *  has no estimate: half a day may be its quiet half. */
export async function readEstimatedHours(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  key: PerformanceKey,
  baselineId: string,
  task: "regression" | "multiclass",
  buckets: readonly (CalendarBucket & { rowCount: number })[],
): Promise<MetricNumbers[]> {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return [];
  const hours = await readHours(ctx, key, baselineId, first.fromMs, last.untilMs);
  return buckets.map(({ fromMs, untilMs, rowCount }) => {
    const own = hours.filter(
      ({ bucketSeconds }) => bucketSeconds * 1000 >= fromMs && bucketSeconds * 1000 < untilMs,
    );
    const estimated = own.reduce((sum, hour) => sum + hour.rowCount, 0);
    if (estimated < knownShareMin * rowCount || estimated === 0) return {};
    return task === "regression" ? lossesOf(own) : metricsOfCells(addCells(own.flatMap(cellsOf)));
  });
}

const knownShareMin = 0.9;

function readHours(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  { modelId, environment, version }: PerformanceKey,
  baselineId: string,
  fromMs: number,
  untilMs: number,
) {
  const params = {
    modelId,
    baselineId,
    environment,
    version,
    method: estimateMethod,
    fromTime: new Date(fromMs),
    untilTime: new Date(untilMs),
  };
  return ctx.ch.query(estimatedHours, params, ctx.signal);
}

/** A loss that one hour has none of, as the logarithm of what is negative, has no mean over all. */
function lossesOf(hours: readonly Hour[]): MetricNumbers {
  const rows = hours.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const names = hours[0]?.lossNames ?? [];
  const means = names.flatMap((name) => {
    const places = hours.map(({ lossNames }) => lossNames.indexOf(name));
    if (places.includes(-1)) return [];
    const sum = hours.reduce(
      (total, hour, i) => total + hour.rowCount * (hour.lossMeans[places[i] ?? -1] ?? 0),
      0,
    );
    return [[name, sum / rows]];
  });
  return metricsOfLosses(Object.fromEntries(means) as LossMeans);
}

/** Of an hour of which not every row was read, what all of them would be. */
function cellsOf(hour: Hour): ExpectedCell[] {
  const weight = hour.rowCount / hour.sampledCount;
  return hour.cellCounts.map((count, i) => ({
    className: hour.classNames[hour.cellClasses[i] ?? -1] ?? "",
    score: hour.cellScores[i] ?? 0,
    isDecided: hour.cellDecided[i] === 1,
    count: count * weight,
    positives: (hour.cellPositives[i] ?? 0) * weight,
  }));
}
