import type { SloDetail } from "#lib/api/slo.ts";
import type { SloIndicator, SloIndicatorKind, SloPeriod } from "#lib/domain/slo.ts";
import { sliceMsOf } from "#lib/domain/slo.ts";
import { deriveTiers } from "#lib/rules/burn-rate.ts";
import { periodLengthMs } from "#lib/rules/slo-period.ts";

/** What was typed into the editor of an objective, as it was typed. */
export interface SloDraft {
  name: string;
  model: string;
  kind: SloIndicatorKind;
  /** Minutes, milliseconds, features or a metric's value, by kind. */
  bound: string;
  metric: string;
  operator: "at_least" | "at_most";
  percent: string;
  period: string;
  badCountMin: string;
  destinationIds: string[];
}

export const indicatorNames: Record<SloIndicatorKind, string> = {
  freshness: "Fresh: the newest row is young",
  latency: "Fast: predictions are answered in time",
  performance: "Right: a metric of each hour",
  drift: "Stable: few features drift",
  quality: "Sound: few features with bad values",
};

export const boundNames: Record<SloIndicatorKind, string> = {
  freshness: "At most so many minutes old",
  latency: "Within so many milliseconds",
  performance: "The metric's bound",
  drift: "So many features may drift",
  quality: "So many features may have bad values",
};

const boundDefaults: Record<SloIndicatorKind, string> = {
  freshness: "15",
  latency: "200",
  performance: "0.9",
  drift: "0",
  quality: "0",
};
export const boundDefaultOf = (kind: SloIndicatorKind): string => boundDefaults[kind];

export const periodNames = [
  { value: "7", label: "7 days, rolling" },
  { value: "28", label: "28 days, rolling" },
  { value: "30", label: "30 days, rolling" },
  { value: "90", label: "90 days, rolling" },
  { value: "week", label: "This calendar week" },
  { value: "month", label: "This calendar month" },
  { value: "quarter", label: "This calendar quarter" },
];

export function draftOf(slo: SloDetail | null, model: string): SloDraft {
  if (slo === null)
    return {
      name: "",
      model,
      kind: "freshness",
      bound: boundDefaults.freshness,
      metric: "accuracy",
      operator: "at_least",
      percent: "99",
      period: "28",
      badCountMin: "2",
      destinationIds: [],
    };
  const { indicator, period } = slo;
  return {
    name: slo.name,
    model: slo.model,
    kind: indicator.kind,
    bound: String(boundOf(indicator)),
    metric: indicator.kind === "performance" ? indicator.metric : "accuracy",
    operator: indicator.kind === "performance" ? indicator.operator : "at_least",
    percent: String(Number((slo.objective * 100).toPrecision(8))),
    period: period.kind === "rolling" ? String(period.days) : period.unit,
    badCountMin: String(slo.badCountMin),
    destinationIds: [...slo.destinationIds],
  };
}

const minuteMs = 60_000;

function boundOf(indicator: SloIndicator): number {
  switch (indicator.kind) {
    case "freshness":
      return indicator.ageMs / minuteMs;
    case "latency":
      return indicator.latencyMs;
    case "drift":
      return indicator.driftedMax;
    case "quality":
      return indicator.problemMax;
    case "performance":
      return indicator.threshold;
  }
}

function indicatorOf({ kind, bound, metric, operator }: SloDraft): SloIndicator {
  const value = Number(bound);
  switch (kind) {
    case "freshness":
      return { kind, ageMs: Math.round(value * minuteMs) };
    case "latency":
      return { kind, latencyMs: value };
    case "drift":
      return { kind, reference: "baseline", driftedMax: value };
    case "quality":
      return { kind, problemMax: value };
    case "performance":
      return { kind, metric: metric.trim(), operator, threshold: value };
  }
}

/** What a draft asks for, and the tiers that follow from it; null where it says no number that could be meant. */
export function readDraft(draft: SloDraft, zone: string) {
  const objective = Number((Number(draft.percent) / 100).toPrecision(12));
  const badCountMin = Number(draft.badCountMin);
  const errors = {
    percent:
      draft.percent.trim() !== "" && objective >= 0.01 && objective <= 0.99999
        ? null
        : "From 1 to 99.999.",
    bound: draft.bound.trim() !== "" && Number.isFinite(Number(draft.bound)) ? null : "A number.",
    badCountMin:
      Number.isInteger(badCountMin) && badCountMin >= 1 ? null : "A whole number from 1.",
  };
  const isRight = Object.values(errors).every((error) => error === null);
  const period = periodOf(draft.period, zone);
  return {
    errors,
    slo: isRight
      ? {
          name: draft.name.trim(),
          model: draft.model,
          indicator: indicatorOf(draft),
          objective,
          period,
          badCountMin,
          destinationIds: draft.destinationIds,
        }
      : null,
    tiers: isRight
      ? deriveTiers({
          objective,
          periodMs: periodLengthMs(period),
          cadenceMs: sliceMsOf[draft.kind],
        })
      : [],
  };
}

function periodOf(period: string, timeZone: string): SloPeriod {
  switch (period) {
    case "week":
    case "month":
    case "quarter":
      return { kind: "calendar", unit: period, timeZone };
    default:
      return { kind: "rolling", days: Number(period) };
  }
}
