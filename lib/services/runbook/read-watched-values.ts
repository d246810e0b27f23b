import type { MonitorSeries, SeriesOutcome } from "#lib/domain/monitor.ts";
import type { MonitorQuestion, MonitorThreshold } from "#lib/domain/monitor-definition.ts";
import { monitorQuestionSchema } from "#lib/domain/monitor-definition.ts";
import { readMonitorWindows } from "../monitor/read-monitor-windows.ts";
import type { AskedQuery, AskedTarget, QueryReader, QueryValue } from "./query-value.ts";

/** What a monitor can watch is asked as a monitor asks it: a runbook and a page never differ about the same window. */
export const readWatchedValues: QueryReader = async (ctx, asked, windows) => {
  const question = questionOf(asked, windows);
  const ask = { modelId: asked.model.id, question, now: asked.now };
  const answers = await readMonitorWindows(ctx, ask, windows);
  return answers.map((outcomes) => outcomes.map((outcome) => toValue(outcome, asked)));
};

/** Fine buckets are kept so long, with a day to spare. */
const fineKeptMs = 12 * 86_400_000;
const fineMs = 300_000;

function questionOf(
  asked: AskedQuery,
  windows: readonly { fromTime: Date; untilTime: Date }[],
): MonitorQuestion {
  const { kind, statistic, target, version, segment, reference, sampleMin, environment } = asked;
  const keptFromMs = asked.now.getTime() - fineKeptMs;
  const isFine = windows.every(({ fromTime }) => fromTime.getTime() >= keptFromMs);
  const counts = kind === "freshness" || kind === "volume";
  return monitorQuestionSchema.parse({
    kind,
    environment,
    version: version === "" ? null : version,
    definition: {
      statistic,
      target: target.kind === "label" ? { kind: "prediction" } : target,
      segment,
      window: "1d",
      cadence: isFine ? "5m" : "1h",
      reference,
      threshold: statistic === "verdict" ? { kind: "verdict" } : unused,
      ...(sampleMin !== null && { sampleMin }),
      ...(sampleMin === null && counts && { sampleMin: 1 }),
    },
  });
}

/** The value alone is wanted: what it is held against is the step's own affair. */
const unused: MonitorThreshold = { kind: "fixed", direction: "above", fire: 0, clear: 0 };

/** Windows of what is kept by the hour must begin and end with one. */
export function grainOf({ kind, now }: Pick<AskedQuery, "kind" | "now">, fromTime: Date): number {
  if (kind === "performance" || kind === "skew") return 12 * fineMs;
  return fromTime.getTime() >= now.getTime() - fineKeptMs ? fineMs : 12 * fineMs;
}

function toValue({ series, result }: SeriesOutcome, asked: AskedQuery): QueryValue {
  const head = { name: nameOf(series), target: targetOf(series) };
  if (result.kind !== "value") return { ...head, kind: "unknown", reason: result.reason };
  const { value, lower, upper, sampleCount, judged, sentence } = result;
  const isVerdict = asked.statistic === "verdict";
  return {
    ...head,
    kind: "value",
    value,
    lower,
    upper,
    sampleCount,
    isGood: isVerdict ? judged !== "fire" : null,
    words: isVerdict ? sentence : null,
  };
}

function nameOf({ subject, column }: MonitorSeries): string {
  switch (subject) {
    case "model":
      return "the whole model";
    case "feature":
      return column;
    case "prediction":
      return column === "" ? "prediction" : `prediction ${column}`;
    case "label":
      return "label";
  }
}

function targetOf({ subject, column }: MonitorSeries): AskedTarget {
  if (subject === "feature") return { kind: "feature", feature: column };
  return { kind: subject };
}
