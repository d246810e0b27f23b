import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { describeReading } from "#lib/charts/describe-reading.ts";
import { AppError } from "#lib/domain/errors.ts";
import type {
  MonitorKind,
  MonitorSeries,
  SeriesOutcome,
  SeriesResult,
} from "#lib/domain/monitor.ts";
import { seriesKeyOf } from "#lib/domain/monitor.ts";
import type { MonitorQuestion, MonitorThreshold } from "#lib/domain/monitor-definition.ts";
import { monitorLimits, unitOf } from "#lib/domain/monitor-definition.ts";
import type { Judgement } from "#lib/rules/judge-series.ts";
import { judgeFixed, judgeLearned } from "#lib/rules/judge-series.ts";
import type { UsualSeriesBand } from "#lib/rules/usual-band.ts";
import { comparedWindowsOf, pastWindowsOf, usualBandOf } from "#lib/rules/usual-band.ts";
import { sayError } from "../job/say-error.ts";
import { isKept } from "../profile/cover-window.ts";
import { timesOf } from "../profile/read-stretches.ts";
import type { Lack } from "./find-waiting.ts";
import { isReadable, readLacks } from "./find-waiting.ts";
import { readDrift } from "./read-drift.ts";
import { readEstimates } from "./read-estimates.ts";
import { readExpression } from "./read-expression.ts";
import { readFairness } from "./read-fairness.ts";
import { readFreshness } from "./read-freshness.ts";
import { readPerformance } from "./read-performance.ts";
import { readQuality } from "./read-quality.ts";
import { readSkew } from "./read-skew.ts";
import { readLatency } from "./read-spreads.ts";
import { readVolume } from "./read-volume.ts";
import type { KindReader, ReadContext, Reading, SeriesReading, Watch } from "./watch.ts";
import { resolveWatch, unknownOf } from "./watch.ts";

const readers: Record<MonitorKind, KindReader> = {
  drift: readDrift,
  freshness: readFreshness,
  volume: readVolume,
  quality: readQuality,
  performance: readPerformance,
  latency: readLatency,
  skew: readSkew,
  estimated_performance: readEstimates,
  fairness: readFairness,
  expression: readExpression,
};

export interface MonitorAsk {
  modelId: string;
  question: MonitorQuestion;
  now: Date;
}

/** The answers of a monitor's question about some windows, one list of outcomes each, in their order. Live evaluations and
 *  replays of history both come from here and nowhere else, so that they can't differ. */
export async function readMonitorWindows(
  ctx: ReadContext,
  ask: MonitorAsk,
  windows: readonly WindowTimes[],
): Promise<SeriesOutcome[][]> {
  if (windows.length === 0) return [];
  const watch = await resolveWatch(ctx, ask);
  const { threshold } = watch.question.definition;
  const past = threshold.kind === "learned" ? pastOf(windows, watch.zone) : [];
  const read = [...windows, ...past].toSorted(
    (a, b) => a.untilTime.getTime() - b.untilTime.getTime(),
  );
  const lackOf = await readLacks(ctx, watch, read);
  const readable = read.filter(
    (window) => isKept(window, watch.now) && isReadable(watch, window, lackOf),
  );
  const readings = readable.length === 0 ? [] : await readers[watch.kind](ctx, watch, readable);
  const byEnd = new Map(
    readable.map((window, i) => [
      timesOf(window),
      (readings[i] ?? []).map((one) => withhold(one, lackOf(window, one.series.version))),
    ]),
  );
  const historyOf = threshold.kind === "learned" ? toHistory(byEnd) : null;
  return windows.map((window) => {
    const own = byEnd.get(timesOf(window)) ?? unreadable(watch, window, lackOf);
    refuseTooMany(own);
    const compared =
      threshold.kind === "learned"
        ? comparedWindowsOf(window.untilTime.getTime(), watch.zone)
        : null;
    const learnBand = (series: MonitorSeries): UsualSeriesBand =>
      threshold.kind !== "learned" || compared === null || historyOf === null
        ? { kind: "cannot_say", have: 0, needed: 0 }
        : usualBandOf(historyOf(series), compared, {
            coverage: threshold.coverage,
            isCount: watch.kind === "volume",
          });
    return own.map(({ series, reading }) => ({
      series,
      windowFrom: window.fromTime,
      windowUntil: window.untilTime,
      result: toResult(watch, reading, {
        learnBand: () => learnBand(series),
        lackingCount: lackOf(window, series.version).rowCount,
      }),
    }));
  });
}

/** The same of one window. */
export async function readMonitorWindow(
  ctx: ReadContext,
  ask: MonitorAsk,
  window: WindowTimes,
): Promise<SeriesOutcome[]> {
  const [outcomes = []] = await readMonitorWindows(ctx, ask, [window]);
  return outcomes;
}

/** What is learned from, beside the windows themselves. */
function pastOf(windows: readonly WindowTimes[], zone: string): WindowTimes[] {
  const own = new Set(windows.map(timesOf));
  const past = new Map<string, WindowTimes>();
  for (const { fromTime, untilTime } of windows) {
    const lengthMs = untilTime.getTime() - fromTime.getTime();
    for (const untilMs of pastWindowsOf(untilTime.getTime(), zone)) {
      const window = { fromTime: new Date(untilMs - lengthMs), untilTime: new Date(untilMs) };
      if (!own.has(timesOf(window))) past.set(timesOf(window), window);
    }
  }
  return [...past.values()];
}

/** The values of each series in every window that was read, by the window's end. */
function toHistory(byEnd: ReadonlyMap<string, readonly SeriesReading[]>) {
  const values = new Map<string, Map<number, number>>();
  for (const [name, readings] of byEnd) {
    const untilMs = Number(name.slice(name.indexOf("-", 1) + 1));
    for (const { series, reading } of readings) {
      if (reading.kind !== "value") continue;
      const key = seriesKeyOf(series);
      const known = values.get(key) ?? new Map<number, number>();
      values.set(key, known.set(untilMs, reading.value));
    }
  }
  const none = new Map<number, number>();
  return (series: MonitorSeries): ReadonlyMap<number, number> =>
    values.get(seriesKeyOf(series)) ?? none;
}

function unreadable(
  watch: Watch,
  window: WindowTimes,
  lackOf: (window: WindowTimes, version: string) => Lack,
): SeriesReading[] {
  const expected = watch.sides.filter((side) => side.isExpected(window));
  // Rows of history that has just been sent are first seen now: that they wait is said all the same.
  const sides = expected.length === 0 ? watch.sides.slice(0, 1) : expected;
  return sides.map((side) =>
    unknownOf(
      watch,
      side,
      isKept(window, watch.now)
        ? lackOf(window, side.version).reason
        : "what so short a window held is not kept that long",
    ),
  );
}

/** Of a version that too many rows are still to come of, nothing can be said yet. */
const withhold = (one: SeriesReading, lack: Lack): SeriesReading =>
  lack.isReadable ? one : { ...one, reading: { kind: "no_data", reason: lack.reason } };

function refuseTooMany(readings: readonly SeriesReading[]): void {
  if (readings.length > monitorLimits.seriesMax)
    throw new AppError(
      "limit_exceeded",
      `The monitor watches ${readings.length} series, and at most ${monitorLimits.seriesMax} are judged at once: watch fewer features, versions or segments.`,
    );
}

/** Holds a reading against the threshold. */
function toResult(
  watch: Watch,
  reading: Reading,
  { learnBand, lackingCount }: { learnBand: () => UsualSeriesBand; lackingCount: number },
): SeriesResult {
  if (reading.kind !== "value") return reading;
  const { definition } = watch.question;
  const { value, lower, upper, sampleCount } = reading;
  if (!Number.isFinite(value)) return { kind: "no_data", reason: "the value is not finite" };
  const judgeValue = (value: number) =>
    judge({ ...reading, value }, definition.threshold, definition.usesInterval, learnBand);
  let found: ReturnType<typeof judge>;
  let isOpen = reading.isWaiting === true;
  try {
    found = judgeValue(reading.value);
    // Of rows that are counted it is known by how many they may become more.
    if (watch.kind === "volume" && lackingCount > 0)
      isOpen = judgedOf(judgeValue(reading.value + lackingCount)) !== judgedOf(found);
  } catch (error) {
    return { kind: "failed", reason: sayError(error) };
  }
  if (typeof found === "string") return { kind: "no_data", reason: found };
  if (isOpen && found.judged !== "clear")
    return { kind: "no_data", reason: "some of its rows are still being profiled" };
  const unit = unitOf(watch.kind, definition.statistic);
  return {
    kind: "value",
    value,
    lower,
    upper,
    sampleCount,
    judged: found.judged,
    fireThreshold: found.fireThreshold,
    clearThreshold: found.clearThreshold,
    sentence: describeReading({
      ...reading,
      ...found,
      statistic: definition.statistic,
      kind: watch.kind,
      unit,
      threshold: definition.threshold,
    }),
  };
}

type Found = Omit<Judgement, "fireThreshold" | "clearThreshold"> & {
  fireThreshold: number | null;
  clearThreshold: number | null;
  expected: number | null;
};

const judgedOf = (found: Found | string) => (typeof found === "string" ? null : found.judged);

/** A string says why it can't be judged. */
function judge(
  reading: Extract<Reading, { kind: "value" }>,
  threshold: MonitorThreshold,
  usesInterval: boolean,
  learnBand: () => UsualSeriesBand,
): Found | string {
  switch (threshold.kind) {
    case "verdict": {
      if (reading.judgement === undefined) throw new Error("A verdict came without its judgement.");
      const { judged, threshold: at } = reading.judgement;
      return { judged, fireThreshold: at, clearThreshold: at, expected: null };
    }
    case "fixed":
      return { ...judgeFixed(reading, threshold, usesInterval), expected: null };
    case "learned": {
      const band = learnBand();
      if (band.kind === "cannot_say")
        return `${band.have} of ${band.needed} comparable windows to learn from`;
      return {
        ...judgeLearned(reading, band, threshold.direction, usesInterval),
        expected: band.expected,
      };
    }
  }
}
