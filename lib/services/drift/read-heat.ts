import type { z } from "zod";
import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import type { driftOutput } from "#lib/api/drift.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { DriftStatistic } from "#lib/domain/health.ts";
import type { BinnedDrift } from "#lib/stats/binned-drift.ts";
import { binnedDriftAgainst, categoricalDriftAgainst } from "#lib/stats/binned-drift.ts";
import { CategoricalSum, categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import { sumOf } from "#lib/stats/cells.ts";
import { CutCounter } from "#lib/stats/cut-counter.ts";
import { DRIFT_LIMITS } from "#lib/stats/drift-limits.ts";
import type { DriftTest } from "#lib/stats/drift-test.ts";
import type { ProfilePart } from "#lib/stats/feature-profile.ts";
import { coarsenHistogram, commonGridOf } from "#lib/stats/numeric-histogram.ts";
import { referenceBinsOf } from "#lib/stats/reference-bins.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { collectInTurns } from "../profile/collect-in-turns.ts";
import type { Columns } from "../profile/cover-window.ts";
import { columnWindow } from "../profile/cover-window.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { Comparison } from "./compare-sides.ts";
import { numbersAsNames } from "./read-as-type.ts";

type HeatRow = z.input<typeof driftOutput>["heat"][number];
type HeatCell = HeatRow["cells"][number];

interface Measured {
  value: number | null;
  nullExpectation: number | null;
  rowCount: number;
  test: DriftTest;
}

const { binCountMax } = DRIFT_LIMITS;
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
  const measure = (keys: readonly Comparison[], of: Columns) =>
    measureCells(ctx, scope, keys, of, statistic);
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

/** Counts that are held at once, of bins or of names: some 100 MB. */
const countsHeldMax = 1_000_000;
/** Values kept by name in one cell. */
const valueNamesMax = 1_000;

/** What a key's cells hold. */
interface CellRow {
  key: Comparison;
  add: (column: number, part: ProfilePart) => void;
  measure: (column: number) => Measured | undefined;
}

/** Cell by cell of each key. Stored profiles are added as they come, so that what is held is a few counts a cell. */
async function measureCells(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  keys: readonly Comparison[],
  columns: Columns,
  statistic: DriftStatistic,
): Promise<[string, (Measured | undefined)[]][]> {
  const measured: [string, (Measured | undefined)[]][] = [];
  for (const batch of cutBatches(keys, columns.starts.length)) {
    const rows = batch.map((key) =>
      key.computed.kind === "numeric" ? numericRow(key, statistic) : categoricalRow(key, statistic),
    );
    await addStored(ctx, scope, rows, columns);
    const cellsOf = ({ key, measure }: CellRow): [string, (Measured | undefined)[]] => [
      keyName(key),
      columns.starts.map((_, column) => measure(column)),
    ];
    measured.push(...(await collectInTurns(rows.values().map(cellsOf))));
  }
  return measured;
}

function cutBatches(keys: readonly Comparison[], columnCount: number): Comparison[][] {
  const batches: Comparison[][] = [];
  let held = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    const { computed, reference, window } = key;
    const perCell =
      computed.kind === "numeric"
        ? 2 * binCountMax
        : Math.max(reference.valueNames.length, window.valueNames.length);
    held += perCell * columnCount;
    if (held > countsHeldMax) {
      batches.push([]);
      held = perCell * columnCount;
    }
    batches.at(-1)?.push(key);
  }
  return batches;
}

async function addStored(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  rows: readonly CellRow[],
  columns: Columns,
): Promise<void> {
  const { segmentKey, segmentValue } = segmentParamsOf(scope);
  const { fromTime, untilTime } = columnWindow(columns);
  const scanned = ctx.ch.scan(
    windowProfiles,
    {
      modelId: scope.modelId,
      environment: scope.environment,
      version: scope.version,
      segmentKey,
      segmentValues: [segmentValue],
      ...pieceParams([{ grain: columns.grain, fromTime, untilTime }]),
      subjects: [...new Set(rows.map(({ key }) => key.subject))],
      features: [...new Set(rows.map(({ key }) => key.feature))],
    },
    ctx.signal,
  );
  const rowOf = new Map(rows.map((row) => [keyName(row.key), row]));
  for await (const stored of scanned)
    for (const one of stored) {
      const column = Math.floor((1000 * one.bucketSeconds - fromTime.getTime()) / columns.bucketMs);
      rowOf.get(keyName(one))?.add(column, one.profile);
    }
}

function numericRow(key: Comparison, statistic: DriftStatistic): CellRow {
  const reference = coarsenHistogram(key.reference, commonGridOf([key.reference, key.window]));
  const { cuts } = referenceBinsOf(reference, binCountMax);
  const counter = new CutCounter(cuts, reference.zeroFloor);
  const driftOf = binnedDriftAgainst(reference, cuts, statistic);
  const cells: number[][] = [];
  return {
    key,
    add(column, part) {
      if (part.numericCount === 0) return;
      const counts = cells[column] ?? counter.zeros();
      cells[column] = counts;
      counter.add(part, counts);
    },
    measure(column) {
      const counts = cells[column];
      if (counts === undefined) return undefined;
      return toMeasured(driftOf(counts), sumOf(counts));
    },
  };
}

function categoricalRow(key: Comparison, statistic: DriftStatistic): CellRow {
  const driftOf = categoricalDriftAgainst(key.reference, statistic);
  const cells: CategoricalSum[] = [];
  return {
    key,
    add(column, part) {
      if (part.numericCount === 0 && part.valueNames.length === 0 && part.otherCount === 0) return;
      const sum = cells[column] ?? new CategoricalSum();
      cells[column] = sum;
      sum.add(part);
      if (part.numericCount > 0) sum.add(numbersAsNames(part));
    },
    measure(column) {
      const window = cells[column]?.result(valueNamesMax);
      if (window === undefined) return undefined;
      return toMeasured(driftOf(window), categoricalCountOf(window));
    },
  };
}

function toMeasured(drift: BinnedDrift, rowCount: number): Measured {
  const { test } = drift;
  if (drift.kind === "cannot_say") return { value: null, nullExpectation: null, rowCount, test };
  return { value: drift.value, nullExpectation: drift.nullExpectation, rowCount, test };
}
