import { setImmediate } from "node:timers/promises";
import {
  baselineChunkValueCounts,
  baselineTimes,
  chunkValueCounts,
} from "#db/clickhouse/queries/value-counts.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { DriftProfile } from "#lib/domain/health.ts";
import { categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import { nannymlThreshold } from "#lib/stats/compatibility/nannyml.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { CalendarBucket } from "../performance/calendar-buckets.ts";
import { cutByCalendar } from "../performance/calendar-buckets.ts";
import { coverWindow } from "../profile/cover-window.ts";
import type { Comparison } from "./compare-sides.ts";
import { nameMethods, numberMethods } from "./compatibility-answers.ts";
import { namesOf, numbersOf } from "./exact-statistic.ts";
import { readWindowSide } from "./profile-side.ts";
import type { RawKey, RawSide } from "./read-raw-side.ts";
import { rawRowsMax, readRawSide, referenceSource } from "./read-raw-side.ts";
import type { Reference } from "./read-reference.ts";
import type { SeriesCell, SeriesRow, SeriesTable } from "./series-table.ts";
import { emptyCell, toChunk } from "./series-table.ts";

type Context = Pick<ServiceContext, "ch" | "signal">;
type Tool = Exclude<DriftProfile, "plumbline">;
type Grain = "day" | "week" | "month";

interface Asked {
  reference: Reference;
  chunks: readonly CalendarBucket[];
  keys: readonly Comparison[];
  profile: Tool;
  grain: Grain;
}

interface Stretch extends CalendarBucket {
  period: "reference" | "analysis";
}

/** Values that all statistics together look at: some ten seconds of work. */
const workMax = 20_000_000;
/** A threshold of one chunk says nothing of how far chunks differ. */
const thresholdChunksMin = 2;
const referenceChunksMax = 62;

/** What a tool gives for the raw rows of every chunk against those of the reference. NannyML's chunks of the reference itself
 *  come first, where its rows have times: its thresholds are theirs. */
export async function seriesFromRows(
  ctx: Context,
  scope: ResolvedScope,
  { reference, chunks, keys, profile, grain }: Asked,
): Promise<SeriesTable> {
  const baselineId = reference.described.baselineId;
  const before =
    profile === "nannyml" && baselineId !== null
      ? await referenceChunks(ctx, scope, baselineId, grain)
      : [];
  const stretches: Stretch[] = [
    ...before.map((chunk) => ({ ...chunk, period: "reference" as const })),
    ...chunks.map((chunk) => ({ ...chunk, period: "analysis" as const })),
  ];
  const raw = keys.filter((key): key is Comparison & RawKey => isRaw(key.subject));
  const work = raw.length * (reference.side.rowCount * stretches.length + windowRows(keys));
  if (work > workMax || reference.side.rowCount > rawRowsMax || windowRows(keys) > rawRowsMax)
    throw new AppError(
      "limit_exceeded",
      `The ${profile} profile is computed from raw rows, and these are too many: ask for one feature (feature=...), a shorter window or a coarser grain, or for profile=plumbline, which has no such limit.`,
    );
  const profiled = await countProfiled(ctx, scope, chunks);
  const rowCounts = [...before.map(() => 0), ...profiled];
  const rows: SeriesRow[] = [];
  for (const key of raw) {
    const sides = await readChunks(ctx, scope, key, { before, chunks, baselineId });
    const known = await readRawSide(ctx, referenceSource(scope, reference, allRows), key);
    sides.forEach((side, i) => {
      rowCounts[i] = Math.max(rowCounts[i] ?? 0, side?.rowCount ?? 0);
    });
    // Of a stretch whose raw rows have begun to expire the rest would be taken for all of it.
    const isWhole = (side: ChunkSide | undefined, i: number) =>
      side !== undefined && side.rowCount >= (profiled[i - before.length] ?? 0);
    const whole = sides.map((side, i) => (isWhole(side, i) ? side : undefined));
    rows.push(
      ...measure(key, profile, isComplete(key, known) ? known : noValues, whole, stretches),
    );
    await setImmediate();
  }
  return {
    chunks: stretches.map((one, i) => toChunk(one, one.period, rowCounts[i] ?? 0)),
    rows,
  };
}

const allRows = { segmentKey: "", segmentValue: "", segmentNames: [] };
const noValues: RawSide = { numbers: [], numberCounts: [], names: [], nameCounts: [] };

function isComplete({ type, reference }: Comparison, known: RawSide): boolean {
  const held = type === "numeric" ? numbersOf(known).length : namesOf(known).length;
  return held >= (type === "numeric" ? reference.numericCount : categoricalCountOf(reference));
}

/** How many rows each chunk had when it was profiled, which is kept for longer than the rows. */
async function countProfiled(
  { ch, signal }: Context,
  scope: ResolvedScope,
  chunks: readonly CalendarBucket[],
): Promise<number[]> {
  const counts: number[] = [];
  for (const { fromMs, untilMs } of chunks) {
    const { pieces } = coverWindow(new Date(fromMs), new Date(untilMs), scope.now);
    counts.push((await readWindowSide(ch, scope, pieces, { features: [], signal })).rowCount);
  }
  return counts;
}

const isRaw = (subject: string) => subject === "feature" || subject === "prediction";
const windowRows = (keys: readonly Comparison[]) =>
  Math.max(0, ...keys.map(({ window }) => window.rowCount));

/** None where some rows have no time: their chunks would not be all of the reference. */
async function referenceChunks(
  ctx: Context,
  { modelId }: ResolvedScope,
  baselineId: string,
  grain: Grain,
): Promise<CalendarBucket[]> {
  const [times] = await ctx.ch.query(baselineTimes, { modelId, baselineId }, ctx.signal);
  if (times === undefined || times.rowCount === 0 || times.timedCount < times.rowCount) return [];
  const cut = cutByCalendar(times.firstMs, times.lastMs + 1, grain);
  return cut.length > referenceChunksMax ? [] : cut;
}

type ChunkSide = RawSide & { rowCount: number };

/** What each chunk holds of one key; undefined where it has no rows, or no longer all of them. */
async function readChunks(
  ctx: Context,
  { modelId, environment, version }: ResolvedScope,
  { subject, feature }: RawKey,
  sides: {
    before: readonly CalendarBucket[];
    chunks: readonly CalendarBucket[];
    baselineId: string | null;
  },
): Promise<(ChunkSide | undefined)[]> {
  const key = { modelId, subject, feature, valuesMax: rawRowsMax };
  const boundsOf = (list: readonly CalendarBucket[]) => ({
    starts: list.map(({ fromMs }) => Math.floor(fromMs / 1000)),
    fromTime: new Date(list[0]?.fromMs ?? 0),
    untilTime: new Date(list.at(-1)?.untilMs ?? 0),
  });
  const { before, chunks, baselineId } = sides;
  const [there, here] = await Promise.all([
    before.length === 0 || baselineId === null
      ? []
      : ctx.ch.query(
          baselineChunkValueCounts,
          { ...key, ...boundsOf(before), baselineId },
          ctx.signal,
        ),
    ctx.ch.query(
      chunkValueCounts,
      { ...key, ...boundsOf(chunks), environment, version },
      ctx.signal,
    ),
  ]);
  const place = (found: (ChunkSide & { chunk: number })[], count: number) =>
    Array.from({ length: count }, (_, i) => found.find(({ chunk }) => chunk === i + 1));
  return [...place(there, before.length), ...place(here, chunks.length)];
}

function measure(
  { subject, feature, type }: Comparison,
  profile: Tool,
  reference: RawSide,
  sides: readonly (ChunkSide | undefined)[],
  stretches: readonly Stretch[],
): SeriesRow[] {
  const toRow = (
    { name, note }: { name: string; note: string },
    counts: readonly number[],
    values: readonly (number | null)[],
  ): SeriesRow => {
    const threshold = profile === "nannyml" ? thresholdOf(name, values, stretches) : null;
    return {
      subject,
      feature,
      type,
      method: name,
      note,
      threshold,
      cells: values.map(
        (value, i): SeriesCell => ({
          value,
          count: counts[i] ?? 0,
          isDrift:
            value === null || threshold === null || stretches[i]?.period === "reference"
              ? null
              : value > threshold,
        }),
      ),
    };
  };
  if (type === "numeric") {
    const x = numbersOf(reference);
    const chunks = sides.map((side) => (side === undefined ? [] : numbersOf(side)));
    return numberMethods(profile).map((method) =>
      toRow(method, lengthsOf(chunks), valuesOf(method.compute, x, chunks)),
    );
  }
  const x = namesOf(reference);
  const chunks = sides.map((side) => (side === undefined ? [] : namesOf(side)));
  return nameMethods(profile).map((method) =>
    toRow(method, lengthsOf(chunks), valuesOf(method.compute, x, chunks)),
  );
}

const lengthsOf = (chunks: readonly unknown[][]) => chunks.map(({ length }) => length);

function valuesOf<T>(
  compute: (x: T[], y: T[]) => number | null,
  x: T[],
  chunks: readonly T[][],
): (number | null)[] {
  return chunks.map((y) => {
    if (x.length === 0 || y.length === 0) return emptyCell.value;
    const value = compute(x, y);
    return value !== null && Number.isFinite(value) ? value : null;
  });
}

/** What NannyML takes for the largest possible value of each; it asks chi-squared for its p-value instead. */
const valueMax: Record<string, number> = {
  js_distance: 1,
  hellinger: 1,
  ks_statistic: 1,
  l_infinity: 1,
  wasserstein: Number.POSITIVE_INFINITY,
};

function thresholdOf(
  method: string,
  values: readonly (number | null)[],
  stretches: readonly Stretch[],
): number | null {
  const largest = valueMax[method];
  const known = values.filter((value, i) => stretches[i]?.period === "reference" && value !== null);
  if (largest === undefined || known.length < thresholdChunksMin) return null;
  const threshold = nannymlThreshold(known);
  return threshold === null ? null : Math.min(largest, threshold);
}
