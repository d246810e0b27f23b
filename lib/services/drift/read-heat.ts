import type { z } from "zod";
import { columnBinCounts, columnValueCounts } from "#db/clickhouse/queries/column-bin-counts.ts";
import type { driftOutput } from "#lib/api/drift.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { DriftStatistic } from "#lib/domain/health.ts";
import type { BinnedDrift } from "#lib/stats/binned-drift.ts";
import { binnedDriftAgainst, categoricalDriftAgainst } from "#lib/stats/binned-drift.ts";
import type { DriftTest } from "#lib/stats/drift-test.ts";
import { coarsenHistogram, commonGridOf } from "#lib/stats/numeric-histogram.ts";
import { referenceBinsOf } from "#lib/stats/reference-bins.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { Columns } from "../profile/cover-window.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { Comparison } from "./compare-sides.ts";

type HeatRow = z.input<typeof driftOutput>["heat"][number];
type HeatCell = HeatRow["cells"][number];

interface Measured {
  value: number | null;
  nullExpectation: number | null;
  rowCount: number;
  test: DriftTest;
}

const binCountMax = 20;
const hourMs = grainMs["1h"];

/** One row per compared key, one cell per column: how far the column alone is from the reference. The cells of a column are
 *  judged as one family. A cell without rows, or with too few, cannot say. */
export async function readHeat(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  comparisons: readonly Comparison[],
  columns: Columns,
  statistic: DriftStatistic,
): Promise<HeatRow[]> {
  const measure = async (keys: readonly Comparison[], of: Columns) =>
    (
      await Promise.all([
        inBatches(
          keys.filter((one) => one.computed.kind === "numeric"),
          (batch) => measureNumeric(ctx, scope, batch, of, statistic),
        ),
        inBatches(
          keys.filter((one) => one.computed.kind === "categorical"),
          (batch) => measureCategorical(ctx, scope, batch, of, statistic),
        ),
      ])
    ).flat();
  const isLabel = ({ subject }: Comparison) => subject === "label";
  const rows = await measure(
    comparisons.filter((one) => !isLabel(one)),
    columns,
  );
  const hours = toHours(columns);
  const labels = (await measure(comparisons.filter(isLabel), hours)).map(
    ([name, cells]): [string, (Measured | undefined)[]] => [
      name,
      columns.starts.map((start) => cells[hours.starts.findLastIndex((hour) => hour <= start)]),
    ],
  );
  const measured = new Map([...rows, ...labels]);
  const judged = columns.starts.map((_, column) => judgeColumn(comparisons, measured, column));
  return comparisons.map(({ subject, feature }, i) => ({
    subject,
    feature,
    cells: columns.starts.map((_, column) => judged[column]?.[i] ?? emptyCell),
  }));
}

/** Labels are profiled by the hour and the day: a column that is narrower shows the hour that it lies in. */
function toHours({ bucketMs, starts, grain }: Columns): Columns {
  if (bucketMs >= hourMs) return { bucketMs, starts, grain };
  const hours = new Set(starts.map((start) => Math.floor(start.getTime() / hourMs) * hourMs));
  return { bucketMs: hourMs, starts: [...hours].map((ms) => new Date(ms)), grain: "1h" };
}

/** A statement names its keys and their cuts, for each row anew: with all of a thousand features in one it was longer than the
 *  store reads, and slower by the square of their number. */
const keysPerQuery = 100;

async function inBatches<T>(
  keys: readonly Comparison[],
  measure: (keys: readonly Comparison[]) => Promise<T[]>,
): Promise<T[]> {
  const measured: T[] = [];
  for (let from = 0; from < keys.length; from += keysPerQuery)
    measured.push(...(await measure(keys.slice(from, from + keysPerQuery))));
  return measured;
}

const emptyCell: HeatCell = {
  value: null,
  nullExpectation: null,
  verdict: "cannot_say",
  rowCount: 0,
};

function judgeColumn(
  comparisons: readonly Comparison[],
  measured: ReadonlyMap<string, readonly (Measured | undefined)[]>,
  column: number,
): HeatCell[] {
  const cells = comparisons.map((one) => measured.get(keyName(one))?.[column]);
  const verdicts = verdictsOf(
    cells.map((cell, i) => ({ feature: String(i), tests: cell === undefined ? [] : [cell.test] })),
  );
  return cells.map((cell, i) => {
    const verdict = verdicts[i]?.verdict.kind ?? "cannot_say";
    if (cell === undefined) return emptyCell;
    return {
      value: cell.value,
      nullExpectation: cell.nullExpectation,
      verdict,
      rowCount: cell.rowCount,
    };
  });
}

const columnQuery = (scope: ResolvedScope, columns: Columns, keys: readonly Comparison[]) => ({
  modelId: scope.modelId,
  environment: scope.environment,
  version: scope.version,
  ...segmentParamsOf(scope),
  grain: columns.grain,
  fromTime: columns.starts[0] ?? scope.window.fromTime,
  untilTime: new Date((columns.starts.at(-1)?.getTime() ?? 0) + columns.bucketMs),
  columnSeconds: columns.bucketMs / 1000,
  subjects: keys.map((key) => key.subject),
  features: keys.map((key) => key.feature),
});

async function measureNumeric(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  keys: readonly Comparison[],
  columns: Columns,
  statistic: DriftStatistic,
): Promise<[string, (Measured | undefined)[]][]> {
  const references = keys.map(({ reference, window }) => {
    const histogram = coarsenHistogram(reference, commonGridOf([reference, window]));
    const { cuts } = referenceBinsOf(histogram, binCountMax);
    return { histogram, cuts, driftOf: binnedDriftAgainst(histogram, cuts, statistic) };
  });
  let offset = 0;
  const offsets = references.map(({ cuts }) => {
    const at = offset;
    offset += cuts.length;
    return at;
  });
  const rows = await ctx.ch.query(
    columnBinCounts,
    {
      ...columnQuery(scope, columns, keys),
      cuts: references.flatMap(({ cuts }) => cuts),
      offsets,
      lengths: references.map(({ cuts }) => cuts.length),
      zeroFloors: references.map(({ histogram }) => histogram.zeroFloor),
    },
    ctx.signal,
  );
  const measured = emptyTable(keys, columns);
  for (const row of rows) {
    const reference = references[row.position - 1];
    if (reference === undefined) continue;
    const counts = new Array<number>(reference.cuts.length + 1).fill(0);
    row.bins.forEach((bin, i) => {
      counts[bin] = (counts[bin] ?? 0) + (row.counts[i] ?? 0);
    });
    const rowCount = counts.reduce((sum, count) => sum + count, 0);
    put(measured, row, toMeasured(reference.driftOf(counts), rowCount));
  }
  return measured;
}

async function measureCategorical(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  keys: readonly Comparison[],
  columns: Columns,
  statistic: DriftStatistic,
): Promise<[string, (Measured | undefined)[]][]> {
  const rows = await ctx.ch.query(columnValueCounts, columnQuery(scope, columns, keys), ctx.signal);
  const measured = emptyTable(keys, columns);
  const driftsOf = keys.map(({ reference }) => categoricalDriftAgainst(reference, statistic));
  for (const { valueNames, valueCounts, otherCount, ...place } of rows) {
    const driftOf = driftsOf[place.position - 1];
    if (driftOf === undefined) continue;
    const window = { valueNames, valueCounts, otherCount, distinctCount: valueNames.length };
    const rowCount = valueCounts.reduce((sum, count) => sum + count, otherCount);
    put(measured, place, toMeasured(driftOf(window), rowCount));
  }
  return measured;
}

function emptyTable(
  keys: readonly Comparison[],
  columns: Columns,
): [string, (Measured | undefined)[]][] {
  return keys.map((key) => [
    keyName(key),
    new Array<Measured | undefined>(columns.starts.length).fill(undefined),
  ]);
}

function put(
  table: [string, (Measured | undefined)[]][],
  { position, columnIndex }: { position: number; columnIndex: number },
  cell: Measured,
): void {
  const row = table[position - 1];
  if (row !== undefined && columnIndex < row[1].length) row[1][columnIndex] = cell;
}

function toMeasured(drift: BinnedDrift, rowCount: number): Measured {
  const { test } = drift;
  if (drift.kind === "cannot_say") return { value: null, nullExpectation: null, rowCount, test };
  return { value: drift.value, nullExpectation: drift.nullExpectation, rowCount, test };
}
