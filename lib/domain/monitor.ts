import { z } from "zod";

/** What a monitor watches. */
export const monitorKinds = [
  "drift",
  "skew",
  "freshness",
  "volume",
  "quality",
  "performance",
  "estimated_performance",
  "latency",
  "fairness",
  "expression",
] as const;
export const monitorKindSchema = z.enum(monitorKinds);
export type MonitorKind = z.infer<typeof monitorKindSchema>;

/** What went wrong, coarsely: the part of a grouping key that says that alerts have one cause, and the row of the severity
 *  matrix that they fall in. */
export const causeClasses = [
  "data_drift",
  "training_serving_skew",
  "freshness",
  "volume",
  "data_quality",
  "schema",
  "performance",
  "latency",
  "fairness",
  "slo",
  "other",
] as const;
export const causeClassSchema = z.enum(causeClasses);
export type CauseClass = z.infer<typeof causeClassSchema>;

/** "model": all of its rows together. */
export const seriesSubjects = ["model", "feature", "prediction", "label"] as const;
export type SeriesSubject = (typeof seriesSubjects)[number];

/** One line of values that a monitor judges: a whole model, a feature, a segment's value, a version. Empty where it is not narrowed. */
export const monitorSeriesSchema = z.object({
  environment: z.string(),
  version: z.string(),
  subject: z.enum(seriesSubjects),
  /** The feature's name, or the prediction's column. */
  column: z.string(),
  segmentKey: z.string(),
  segmentValue: z.string(),
});
export type MonitorSeries = z.infer<typeof monitorSeriesSchema>;

/** The same for the same series whatever the order of its fields: what states and alerts are kept under. */
export function seriesKeyOf(series: MonitorSeries): string {
  const { environment, version, subject, column, segmentKey, segmentValue } = series;
  return JSON.stringify([environment, version, subject, column, segmentKey, segmentValue]);
}

/** How one window of one series came out. Unknown is a state: it neither fires nor clears. */
export type SeriesResult =
  | {
      kind: "value";
      value: number;
      /** Of the value, where the statistic has an interval. */
      lower: number | null;
      upper: number | null;
      sampleCount: number;
      /** Beyond the fire threshold; beyond the clear threshold; between the two. */
      judged: "fire" | "clear" | "between";
      fireThreshold: number | null;
      clearThreshold: number | null;
      /** What it says in words, with value, size and threshold. */
      sentence: string;
    }
  | { kind: "no_data"; reason: string }
  | { kind: "failed"; reason: string };

/** The answer to a monitor's question about one window of one series. */
export interface SeriesOutcome {
  series: MonitorSeries;
  windowFrom: Date;
  windowUntil: Date;
  result: SeriesResult;
}
