import { z } from "zod";
import { expressionLimits, parseExpression } from "./expression.ts";
import { severitySchema } from "./incident.ts";
import { segmentLimits } from "./limits.ts";
import type { CauseClass, MonitorKind } from "./monitor.ts";
import { causeClassSchema, monitorKindSchema } from "./monitor.ts";

/** How often a monitor is asked. Ends lie on whole multiples since 1970, UTC. */
export const cadences = ["5m", "1h", "6h", "1d"] as const;
export const cadenceSchema = z.enum(cadences);
export type Cadence = z.infer<typeof cadenceSchema>;

export const windowLengths = [...cadences, "7d"] as const;
export const windowLengthSchema = z.enum(windowLengths);
export type WindowLength = z.infer<typeof windowLengthSchema>;

const minuteMs = 60_000;
export const windowLengthMs: Record<WindowLength, number> = {
  "5m": 5 * minuteMs,
  "1h": 60 * minuteMs,
  "6h": 360 * minuteMs,
  "1d": 1_440 * minuteMs,
  "7d": 7 * 1_440 * minuteMs,
};

/** What a monitor of each kind may ask; the first is what it asks when nothing was chosen. */
export const monitorStatistics = {
  drift: [
    "verdict",
    "psi",
    "jensen_shannon",
    "kolmogorov_smirnov",
    "wasserstein_normed",
    "hellinger",
  ],
  freshness: ["event_age", "event_lag_p95", "feature_age_p95"],
  volume: ["rows"],
  quality: [
    "verdict",
    "missing_share",
    "type_violation_share",
    "nan_share",
    "out_of_range_share",
    "new_category_share",
  ],
  performance: [
    "accuracy",
    "precision",
    "recall",
    "specificity",
    "false_positive_rate",
    "f1",
    "balanced_accuracy",
    "matthews",
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "macro_f1",
    "weighted_f1",
    "macro_roc_auc",
    "mae",
    "mse",
    "rmse",
    "bias",
    "mape",
    "wmape",
    "rmsle",
    "r2",
    "ndcg@10",
    "map@10",
    "mrr@10",
    "hit_rate@10",
  ],
  latency: ["p95", "mean", "p50", "p99"],
  skew: ["verdict", "mismatch_rate"],
  estimated_performance: [
    "accuracy",
    "precision",
    "recall",
    "specificity",
    "f1",
    "balanced_accuracy",
    "roc_auc",
    "average_precision",
    "macro_precision",
    "macro_recall",
    "macro_f1",
    "macro_roc_auc",
    "mae",
    "mse",
    "rmse",
    "mape",
    "rmsle",
  ],
  fairness: [
    "verdict",
    "selection_rate_gap",
    "selection_rate_ratio",
    "true_positive_rate_gap",
    "false_positive_rate_gap",
    "precision_gap",
    "accuracy_gap",
    "mean_error_gap",
    "mean_absolute_error_gap",
  ],
  expression: ["value"],
} as const satisfies Record<MonitorKind, readonly [string, ...string[]]>;

/** What a finding of each kind is put down to, unless the monitor says otherwise. */
export const causeClassOf: Record<MonitorKind, CauseClass> = {
  drift: "data_drift",
  freshness: "freshness",
  volume: "volume",
  quality: "data_quality",
  performance: "performance",
  latency: "latency",
  skew: "training_serving_skew",
  estimated_performance: "performance",
  fairness: "fairness",
  expression: "other",
};

/** The unit of a statistic; `share` is shown in per cent, `floors` are multiples of what is negligible, `points` differences of two
 *  shares. */
export const statisticUnits = [
  "none",
  "share",
  "ms",
  "rows",
  "deviation",
  "floors",
  "points",
] as const;
export type StatisticUnit = (typeof statisticUnits)[number];

export function unitOf(kind: MonitorKind, statistic: string): StatisticUnit {
  switch (kind) {
    case "freshness":
    case "latency":
      return "ms";
    case "volume":
      return "rows";
    case "quality":
    case "skew":
      return "share";
    case "fairness":
      if (statistic === "verdict") return "floors";
      return /^mean_|_ratio$/.test(statistic) ? "none" : "points";
    case "drift":
      if (statistic === "verdict") return "floors";
      return statistic === "wasserstein_normed" ? "deviation" : "none";
    default:
      return "none";
  }
}

/** Of what the statistic is taken: one line of values each. */
const targetKinds = ["model", "everything", "features", "feature", "prediction"] as const;
const monitorTargetSchema = z.object({
  /** `everything`: all features and the prediction. */
  kind: z.enum(targetKinds),
  /** Of `feature`, and of no other. */
  feature: z.string().min(1).max(128).optional(),
});
export type MonitorTarget = z.infer<typeof monitorTargetSchema>;

/** Which targets a kind's statistics are taken of; the first is the default. */
export const targetsOf: Record<MonitorKind, readonly MonitorTarget["kind"][]> = {
  drift: ["everything", "features", "feature", "prediction"],
  quality: ["everything", "features", "feature", "prediction"],
  freshness: ["model", "features", "feature"],
  volume: ["model"],
  performance: ["model"],
  latency: ["model"],
  skew: ["features", "feature"],
  estimated_performance: ["model"],
  fairness: ["model"],
  expression: ["model"],
};

/** Kinds whose numbers are kept by the hour. */
const isHourly = (kind: MonitorKind) =>
  kind === "performance" ||
  kind === "estimated_performance" ||
  kind === "fairness" ||
  kind === "skew";

/** Rates past these say nothing any more, or fire at everything. */
const rateBounds = [0.0001, 0.2] as const;
const coverageBounds = [0.9, 0.9999] as const;

const finite = z.number({ error: "Expected a number" });

const thresholdSchema = z.discriminatedUnion("kind", [
  /** Our calibrated verdict over all that the monitor watches together: no number to choose. */
  z.object({ kind: z.literal("verdict") }),
  z.object({
    kind: z.literal("fixed"),
    direction: z.enum(["above", "below"]),
    fire: finite,
    /** Where it counts as over again; between the two nothing changes. */
    clear: finite,
  }),
  /** Outside what this series did at the same time of the day and of the week before. */
  z.object({
    kind: z.literal("learned"),
    direction: z.enum(["above", "below", "either"]),
    /** The share of usual windows that lies inside the band. */
    coverage: z.number().min(coverageBounds[0]).max(coverageBounds[1]),
  }),
]);
export type MonitorThreshold = z.infer<typeof thresholdSchema>;

export const monitorReferences = ["baseline", "trailing", "previous", "last_week"] as const;
const monitorReferenceSchema = z.enum(monitorReferences);

export const monitorLimits = {
  nameLengthMax: 120,
  /** N and M of "N of M windows", and the windows to clear. */
  windowsMax: 24,
  settleSecondsMax: 7 * 86_400,
  sampleMax: 1_000_000_000,
  destinationsMax: 20,
  /** A workspace's. */
  monitorsMax: 1_000,
  /** Lines of values of one evaluation. */
  seriesMax: 5_000,
  versionsMax: 20,
  segmentValuesMax: segmentLimits.valuesPerKeyMax,
} as const;

/** The false pages that a drift verdict may make: a hundredth of its windows at most, so that even windows that overlap wholly and
 *  last a day page falsely once in a hundred days. */
const falseDiscoveryRateDefault = 0.01;

const definitionShape = z.object({
  statistic: z.string().min(1).max(64),
  /** Of an expression, and of no other kind: what is computed. */
  expression: z.string().max(expressionLimits.lengthMax).optional(),
  target: monitorTargetSchema,
  /** `value` null: each value of the key on its own. Of fairness it names the sensitive attribute; null is the model's first. */
  segment: z
    .object({ key: z.string().min(1).max(128), value: z.string().max(1_024).nullable() })
    .nullable()
    .default(null),
  window: windowLengthSchema,
  cadence: cadenceSchema,
  reference: monitorReferenceSchema.default("baseline"),
  threshold: thresholdSchema,
  /** Of a verdict: the share of windows without any change that may find one, over all series together. */
  falseDiscoveryRate: z
    .number()
    .min(rateBounds[0])
    .max(rateBounds[1])
    .default(falseDiscoveryRateDefault),
  /** Fewer rows (of performance: labels) say nothing. */
  sampleMin: z.int().min(1).max(monitorLimits.sampleMax).default(100),
  /** How long after a window's end it is asked, so that its rows are in. */
  settleSeconds: z.int().min(0).max(monitorLimits.settleSecondsMax).default(60),
  /** Fire and clear on the bound of the interval that is surely beyond, where there is an interval. */
  usesInterval: z.boolean().default(true),
});

/** The question of a monitor, as it is stored and replayed. */
export type MonitorDefinition = z.output<typeof definitionShape>;

export const definitionSchema = definitionShape;

const alertingShape = z.object({
  /** N: so many of the last `windowCount` windows must be beyond the fire threshold. */
  fireCount: z.int().min(1).max(monitorLimits.windowsMax).default(2),
  windowCount: z.int().min(1).max(monitorLimits.windowsMax).default(3),
  /** So many windows in a row must be beyond the clear threshold. */
  clearCount: z.int().min(1).max(monitorLimits.windowsMax).default(2),
});
export type AlertingRule = z.output<typeof alertingShape>;

const questionShape = z.object({
  kind: monitorKindSchema,
  environment: z.string().min(1).max(128).default("production"),
  /** Null: each version that is seen; of freshness and volume all together. */
  version: z.string().min(1).max(128).nullable().default(null),
  definition: definitionShape,
  ...alertingShape.shape,
});

/** A monitor as it is replayed before it is saved: what it asks, and when it would fire. */
export const monitorQuestionSchema = questionShape;
export type MonitorQuestion = z.output<typeof questionShape>;

/** A monitor as a person writes it. */
export const monitorDraftSchema = questionShape.extend({
  name: z.string().trim().min(1).max(monitorLimits.nameLengthMax),
  /** Left out: what the kind stands for. */
  causeClass: causeClassSchema.optional(),
  severityOverride: severitySchema.nullable().default(null),
  ownerTeamId: z.uuid().nullable().default(null),
  ownerUserId: z.uuid().nullable().default(null),
  runbookUrl: z
    .string()
    .max(2_048)
    .regex(/^https?:\/\/\S+$/, "expected an address that begins with https:// or http://")
    .nullable()
    .default(null),
  destinationIds: z.array(z.uuid()).max(monitorLimits.destinationsMax).default([]),
  isEnabled: z.boolean().default(true),
});
export type MonitorDraft = z.output<typeof monitorDraftSchema>;

export interface Contradiction {
  path: string;
  message: string;
}

/** What of a question cannot be meant, each with its place and what was expected. */
export function findContradictions({
  kind,
  definition,
  fireCount,
  windowCount,
  clearCount,
}: Pick<
  MonitorQuestion,
  "kind" | "definition" | "fireCount" | "windowCount" | "clearCount"
>): Contradiction[] {
  const found: Contradiction[] = [];
  const refuse = (path: string, message: string) => found.push({ path, message });
  const { statistic, target, window, cadence, threshold, segment } = definition;
  const within = (path: string, value: number, least: number, most: number) => {
    if (!(value >= least && value <= most))
      refuse(path, `expected a number from ${least} to ${most}`);
  };
  within("fireCount", fireCount, 1, monitorLimits.windowsMax);
  within("windowCount", windowCount, 1, monitorLimits.windowsMax);
  within("clearCount", clearCount, 1, monitorLimits.windowsMax);
  within("definition.sampleMin", definition.sampleMin, 1, monitorLimits.sampleMax);
  within("definition.settleSeconds", definition.settleSeconds, 0, monitorLimits.settleSecondsMax);
  within("definition.falseDiscoveryRate", definition.falseDiscoveryRate, ...rateBounds);
  if (threshold.kind === "learned")
    within("definition.threshold.coverage", threshold.coverage, ...coverageBounds);
  if (threshold.kind === "fixed") {
    const { direction, fire, clear } = threshold;
    if (direction === "above" ? clear > fire : clear < fire)
      refuse(
        "definition.threshold.clear",
        `must lie on the good side of the fire threshold: ${direction === "above" ? "not above" : "not below"} it`,
      );
  }
  if ((target.kind === "feature") !== (target.feature !== undefined))
    refuse(
      "definition.target.feature",
      "is needed for the target `feature` (the name of one), and for no other",
    );
  if (fireCount > windowCount)
    refuse("fireCount", `must not be more than windowCount, which is ${windowCount}`);
  if (windowLengthMs[window] < windowLengthMs[cadence])
    refuse("definition.window", `must be at least as long as the cadence, ${cadence}`);
  const statistics: readonly string[] = monitorStatistics[kind];
  if (!statistics.includes(statistic))
    refuse(
      "definition.statistic",
      `"${statistic}" is none of a ${kind} monitor; expected one of ${statistics.join(", ")}`,
    );
  const targets =
    statistic === "event_age" || statistic === "event_lag_p95" ? ["model"] : targetsOf[kind];
  const allowed = statistic === "feature_age_p95" ? ["features", "feature"] : targets;
  if (!allowed.includes(target.kind))
    refuse(
      "definition.target",
      `"${target.kind}" can't be the target of ${statistic}; expected one of ${allowed.join(", ")}`,
    );
  if ((statistic === "verdict") !== (threshold.kind === "verdict"))
    refuse(
      "definition.threshold",
      statistic === "verdict"
        ? "must be of the kind `verdict`: a verdict has no number to hold it against"
        : "can be of the kind `verdict` only where the statistic is `verdict`; expected `fixed` or `learned`",
    );
  if (threshold.kind === "learned" && window === "5m")
    refuse(
      "definition.window",
      "must be 1h or longer for a learned threshold: five minutes are kept for two weeks only, too few to learn from",
    );
  if (isHourly(kind) && window === "5m")
    refuse(
      "definition.window",
      `must be 1h or longer: ${kind === "skew" ? "both sides are joined" : "labels are counted"} by the hour`,
    );
  if (kind === "performance" && segment !== null && segment.value === null)
    refuse(
      "definition.segment",
      "must name one value: performance is judged for one segment at a time",
    );
  if (kind === "fairness" && segment !== null && segment.value !== null)
    refuse(
      "definition.segment.value",
      "must be null: fairness compares all values of the attribute with each other",
    );
  if (kind === "estimated_performance" && segment !== null)
    refuse("definition.segment", `must be null: ${kind} is known of all rows together alone`);
  const problem = findExpressionProblem(kind, definition.expression);
  if (problem !== null) refuse("definition.expression", problem);
  return found;
}

function findExpressionProblem(kind: MonitorKind, expression: string | undefined): string | null {
  if (kind !== "expression")
    return expression === undefined ? null : `is of the kind \`expression\` alone, not of ${kind}`;
  if (expression === undefined) return "is needed: what is to be computed, such as mean(distance)";
  const parsed = parseExpression(expression);
  if (parsed.kind === "parsed") return null;
  const { line, column, message } = parsed.error;
  return `line ${line}, column ${column}: ${message}`;
}

/** The default question of a kind: what "watch this model" makes. */
export function defaultQuestion(kind: MonitorKind, statistic?: string): MonitorQuestion {
  const asked = statistic ?? monitorStatistics[kind][0];
  const base = {
    statistic: asked,
    target: { kind: targetsOf[kind][0] ?? "model" },
    segment: null,
    reference: "baseline" as const,
    falseDiscoveryRate: falseDiscoveryRateDefault,
    sampleMin: 100,
    settleSeconds: 60,
    usesInterval: true,
  };
  const question = (
    definition: Pick<MonitorDefinition, "window" | "cadence" | "threshold"> &
      Partial<MonitorDefinition>,
    rule: AlertingRule,
  ): MonitorQuestion => ({
    kind,
    environment: "production",
    version: null,
    definition: { ...base, ...definition },
    ...rule,
  });
  switch (kind) {
    case "drift":
      return question(
        { window: "1d", cadence: "6h", threshold: { kind: "verdict" } },
        { fireCount: 2, windowCount: 3, clearCount: 2 },
      );
    case "quality":
      return question(
        { window: "1h", cadence: "1h", threshold: { kind: "verdict" } },
        { fireCount: 2, windowCount: 3, clearCount: 2 },
      );
    case "freshness":
      return question(
        {
          window: "5m",
          cadence: "5m",
          threshold: { kind: "fixed", direction: "above", fire: 3_600_000, clear: 1_800_000 },
          sampleMin: 1,
          settleSeconds: 30,
        },
        { fireCount: 1, windowCount: 1, clearCount: 1 },
      );
    case "volume":
      return question(
        {
          window: "1h",
          cadence: "1h",
          threshold: { kind: "learned", direction: "either", coverage: 0.999 },
          sampleMin: 1,
        },
        { fireCount: 2, windowCount: 3, clearCount: 2 },
      );
    case "performance":
    case "estimated_performance":
      return question(
        {
          window: "1d",
          cadence: "1d",
          threshold: { kind: "learned", direction: "below", coverage: 0.99 },
          settleSeconds: 3_600,
        },
        { fireCount: 2, windowCount: 3, clearCount: 2 },
      );
    case "latency":
      return question(
        {
          window: "1h",
          cadence: "1h",
          threshold: { kind: "learned", direction: "above", coverage: 0.99 },
        },
        { fireCount: 2, windowCount: 3, clearCount: 2 },
      );
    case "skew":
      return question(
        { window: "1d", cadence: "6h", threshold: { kind: "verdict" }, settleSeconds: 3_600 },
        { fireCount: 2, windowCount: 3, clearCount: 2 },
      );
    case "fairness":
      return question(
        { window: "7d", cadence: "1d", threshold: { kind: "verdict" }, settleSeconds: 3_600 },
        { fireCount: 2, windowCount: 3, clearCount: 2 },
      );
    case "expression":
      return question(
        {
          expression: "rows()",
          window: "1h",
          cadence: "1h",
          threshold: { kind: "fixed", direction: "below", fire: 1, clear: 1 },
          sampleMin: 1,
        },
        { fireCount: 2, windowCount: 3, clearCount: 2 },
      );
  }
}

/** Metrics that are worse the greater they are. */
const greaterIsWorse = new Set([
  "false_positive_rate",
  "log_loss",
  "brier",
  "mae",
  "mse",
  "rmse",
  "mape",
  "wmape",
  "rmsle",
]);
export const worseDirection = (metric: string): "above" | "below" =>
  greaterIsWorse.has(metric) ? "above" : "below";
