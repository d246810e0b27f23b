import type { MonitorSeries, SeriesOutcome, SeriesResult } from "#lib/domain/monitor.ts";
import { seriesKeyOf } from "#lib/domain/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { windowsBetween } from "#lib/rules/plan-windows.ts";
import { calmMemory, stepAlert } from "#lib/rules/step-alert.ts";
import { readMonitorWindows } from "./read-monitor-windows.ts";
import type { ReadContext } from "./watch.ts";

export interface BacktestAsk {
  modelId: string;
  question: MonitorQuestion;
  /** Series that are expected of one window, to bound the work. */
  seriesExpected: number;
  days: number;
  /** No window ends later; as late as is settled where it is left out. What is kept is judged by `now` all the same. */
  until?: Date | undefined;
  now: Date;
}

export interface Firing {
  series: MonitorSeries;
  fromMs: number;
  /** Null: it still fires. */
  untilMs: number | null;
}

export interface ReplayedSeries {
  series: MonitorSeries;
  outcomes: SeriesOutcome[];
  firings: Firing[];
}

export interface Backtest {
  from: Date;
  until: Date;
  windowCount: number;
  /** Why less than was asked for was replayed; null: all of it was. */
  limit: string | null;
  series: ReplayedSeries[];
}

const dayMs = 86_400_000;
/** Half a year of hours. */
const windowsMax = 4_400;
/** Some ten seconds of comparing distributions. */
const comparisonsMax = 40_000;
/** Windows that are held in memory at once, with all their profiles. */
const chunkWindows = 120;

/** Asks a monitor's question of stored history, window by window as it would have been asked, and steps the alert of every series
 *  as it would have been stepped. Nothing is written. */
export async function backtest(ctx: ReadContext, ask: BacktestAsk): Promise<Backtest> {
  const { question, now, days } = ask;
  const settledMs = Math.min(
    now.getTime() - question.definition.settleSeconds * 1_000,
    ask.until?.getTime() ?? Number.POSITIVE_INFINITY,
  );
  const until = new Date(settledMs);
  const asked = windowsBetween(
    new Date(settledMs - days * dayMs - windowLengthMs[question.definition.window]),
    until,
    question.definition,
  );
  const most = Math.max(1, Math.min(windowsMax, Math.floor(comparisonsMax / ask.seriesExpected)));
  const windows = asked.slice(-most);
  // What is learned from reaches back before every window: read in one go, each is read once.
  const size = question.definition.threshold.kind === "learned" ? windows.length : chunkWindows;
  const found = new Map<string, ReplayedSeries>();
  for (let at = 0; at < windows.length; at += size) {
    const chunk = windows.slice(at, at + size);
    const answers = await readMonitorWindows(ctx, ask, chunk);
    for (const outcome of answers.flat()) collect(found, outcome);
  }
  const series = [...found.values()].map((one) => ({
    ...one,
    firings: findFirings(one.series, one.outcomes, question),
  }));
  const [first] = windows;
  const reached = first === undefined ? 0 : (settledMs - first.untilTime.getTime()) / dayMs;
  return {
    from: first?.fromTime ?? until,
    until: windows.at(-1)?.untilTime ?? until,
    windowCount: windows.length,
    limit:
      windows.length === asked.length
        ? null
        : `The newest ${windows.length} of ${asked.length} windows were replayed, ${Math.max(1, Math.round(reached))} days: ${ask.seriesExpected} series in more of them take too long. Watch fewer features, or ask less often.`,
    series,
  };
}

function collect(found: Map<string, ReplayedSeries>, outcome: SeriesOutcome): void {
  const key = seriesKeyOf(outcome.series);
  const known = found.get(key);
  if (known === undefined)
    found.set(key, { series: outcome.series, outcomes: [outcome], firings: [] });
  else known.outcomes.push(outcome);
}

function findFirings(
  series: MonitorSeries,
  outcomes: readonly SeriesOutcome[],
  rule: MonitorQuestion,
): Firing[] {
  const firings: Firing[] = [];
  let memory = calmMemory;
  for (const outcome of outcomes) {
    const step = stepAlert(memory, outcome, rule);
    memory = step.memory;
    const atMs = outcome.windowUntil.getTime();
    const open = firings.at(-1);
    if (step.change?.kind === "fired") firings.push({ series, fromMs: atMs, untilMs: null });
    if (step.change?.kind === "cleared" && open !== undefined) open.untilMs = atMs;
  }
  return firings;
}

/** How far a result is beyond its threshold, for the order of series: what fires first, then the greatest. */
export function badness(result: SeriesResult): number {
  if (result.kind !== "value") return Number.NEGATIVE_INFINITY;
  const { value, fireThreshold, judged } = result;
  const beyond = fireThreshold === null ? value : Math.abs(value - fireThreshold);
  return judged === "fire" ? 1e12 + Math.min(beyond, 1e12) : -beyond;
}
