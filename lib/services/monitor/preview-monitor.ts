import type { MonitorPreview } from "#lib/api/monitor.ts";
import { previewMonitorInput, previewMonitorOutput } from "#lib/api/monitor.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { nameSeriesOf } from "#lib/charts/name-monitor.ts";
import type { MonitorSeries } from "#lib/domain/monitor.ts";
import { unitOf, windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { expectFalseAlerts } from "#lib/rules/expected-false-alerts.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import type { Backtest, ReplayedSeries } from "./backtest.ts";
import { backtest, badness } from "./backtest.ts";
import { checkQuestion } from "./check-question.ts";
import { toPoint } from "./to-monitor.ts";

const linesMax = 6;
const firingsMax = 500;
const reasonsMax = 5;

/** A monitor that is not saved, replayed over history: when it would have fired, how often, how long, and how often for nothing. */
export const previewMonitor = defineService({
  name: "previewMonitor",
  role: "viewer",
  input: previewMonitorInput,
  output: previewMonitorOutput,
  writes: false,
  async run(ctx, { model: name, question, days }) {
    const startedMs = performance.now();
    const model = await getModelRow(ctx, name);
    const { seriesExpected } = await checkQuestion(ctx, model, question);
    const replayed = await backtest(ctx, {
      modelId: model.id,
      question,
      seriesExpected,
      days,
      now: ctx.now,
    });
    const { definition } = question;
    const expected = expectFalseAlerts({
      ...definition,
      ...question,
      seriesCount: Math.max(1, replayed.series.length),
    });
    return {
      ...summarise(replayed, windowLengthMs[definition.cadence], ctx.now),
      falseAlertsPerDay: expected.perDay,
      falseAlerts: expected.sentence,
      lines: worstFirst(replayed.series)
        .slice(0, linesMax)
        .map(({ series, outcomes }) => ({ series, points: outcomes.map(toPoint) })),
      unit: unitOf(question.kind, definition.statistic),
      elapsedMs: Math.round(performance.now() - startedMs),
    };
  },
});

function summarise(
  { from, until, windowCount, limit, series }: Backtest,
  stepMs: number,
  now: Date,
): Omit<MonitorPreview, "falseAlertsPerDay" | "falseAlerts" | "lines" | "unit" | "elapsedMs"> {
  const results = series.flatMap(({ outcomes }) => outcomes.map(({ result }) => result));
  const firings = series.flatMap((one) => one.firings).toSorted((a, b) => a.fromMs - b.fromMs);
  const endOf = (untilMs: number | null) => untilMs ?? Math.min(until.getTime(), now.getTime());
  const firingMs = firings.reduce((sum, one) => sum + endOf(one.untilMs) - one.fromMs, 0);
  const reasons = new Map<string, number>();
  for (const result of results)
    if (result.kind !== "value") reasons.set(result.reason, (reasons.get(result.reason) ?? 0) + 1);
  const valueCount = results.filter(({ kind }) => kind === "value").length;
  const days = Math.max(1, Math.round((windowCount * stepMs) / 86_400_000));
  return {
    from: from.toISOString(),
    until: until.toISOString(),
    windowCount,
    seriesCount: series.length,
    limit,
    valueCount,
    noDataCount: results.filter(({ kind }) => kind === "no_data").length,
    failedCount: results.filter(({ kind }) => kind === "failed").length,
    reasons: [...reasons]
      .map(([reason, count]) => ({ reason, count }))
      .toSorted((a, b) => b.count - a.count)
      .slice(0, reasonsMax),
    firings: firings.slice(-firingsMax).map((one) => ({
      series: one.series,
      from: new Date(one.fromMs).toISOString(),
      until: one.untilMs === null ? null : new Date(one.untilMs).toISOString(),
    })),
    firingCount: firings.length,
    firingMs,
    sentence: sayFirings({
      firings,
      firingMs,
      valueCount,
      days,
      windowCount,
      reasons,
      all: series.map((one) => one.series),
    }),
  };
}

function sayFirings({
  firings,
  firingMs,
  valueCount,
  days,
  windowCount,
  reasons,
  all,
}: {
  all: readonly MonitorSeries[];
  firings: Backtest["series"][number]["firings"];
  firingMs: number;
  valueCount: number;
  days: number;
  windowCount: number;
  reasons: ReadonlyMap<string, number>;
}): string {
  const over = days === 1 ? "the last day" : `the last ${days} days`;
  if (windowCount === 0) return "No window has ended yet: there is no history to replay.";
  if (valueCount === 0) {
    const [reason] = [...reasons].toSorted(([, a], [, b]) => b - a)[0] ?? ["no window has rows"];
    return `Over ${over} it could not say anything: ${reason}.`;
  }
  if (firings.length === 0) return `Over ${over} it would not have fired.`;
  const [first] = firings;
  const names = [...new Set(firings.map(({ series }) => series).map(nameSeriesOf(all)))];
  const who =
    names.length === 1
      ? names[0]
      : `${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;
  const times = firings.length === 1 ? "once" : `${firings.length} times`;
  return `Over ${over} it would have fired ${times} (${who}), for ${formatDuration(firingMs)} in all${first === undefined ? "" : `, first on ${new Date(first.fromMs).toISOString().slice(0, 16).replace("T", " ")} UTC`}.`;
}

function worstFirst(series: readonly ReplayedSeries[]): ReplayedSeries[] {
  const worst = new Map(
    series.map((one) => [one, Math.max(...one.outcomes.map(({ result }) => badness(result)))]),
  );
  return series.toSorted(
    (a, b) => b.firings.length - a.firings.length || (worst.get(b) ?? 0) - (worst.get(a) ?? 0),
  );
}
