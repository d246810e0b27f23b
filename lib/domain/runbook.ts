import { z } from "zod";
import { severities } from "./incident.ts";
import { causeClassSchema, monitorKindSchema, seriesSubjects } from "./monitor.ts";
import { monitorReferences, monitorStatistics, statisticUnits } from "./monitor-definition.ts";

export const runbookLimits = {
  titleLengthMax: 120,
  /** Some forty printed pages. */
  bodyLengthMax: 60_000,
  stepsMax: 60,
  stepTitleLengthMax: 160,
  stepIdLengthMax: 48,
  problemsMax: 50,
  noteLengthMax: 2_000,
  changeNoteLengthMax: 300,
  /** A workspace's, archived ones included. */
  runbooksMax: 500,
  versionsMax: 1_000,
  /** Attached to one incident by rules; by hand as many more. */
  attachedMax: 10,
  /** Check-offs and results of one incident. */
  recordsMax: 2_000,
  valuesPerRuleMax: 50,
  reviewDaysMax: 730,
} as const;

const stepKinds = ["manual", "query", "action"] as const;
export type StepKind = (typeof stepKinds)[number];
export const isStepKind = (word: string): word is StepKind =>
  (stepKinds as readonly string[]).includes(word);

/** What a query step can ask, and of what; the first target is what it asks when none was chosen. */
export const queryStatistics = {
  drift: monitorStatistics.drift,
  quality: monitorStatistics.quality,
  skew: monitorStatistics.skew,
  freshness: monitorStatistics.freshness,
  volume: monitorStatistics.volume,
  /** `main`: the metric that the model's task is judged by first. */
  performance: ["main", ...monitorStatistics.performance],
  latency: monitorStatistics.latency,
} as const;
export type QueryKind = keyof typeof queryStatistics;
export const queryKinds: readonly QueryKind[] = [
  "drift",
  "quality",
  "skew",
  "freshness",
  "volume",
  "performance",
  "latency",
];

const queryTargets = [
  "incident",
  "features",
  "feature",
  "prediction",
  "label",
  "everything",
  "model",
] as const;
export type QueryTarget = (typeof queryTargets)[number];

export function targetsOfQuery(kind: QueryKind, statistic: string): readonly QueryTarget[] {
  switch (kind) {
    case "drift":
      return ["incident", "features", "feature", "prediction", "label", "everything"];
    case "quality":
      return ["incident", "features", "feature", "prediction", "everything"];
    case "skew":
      return ["incident", "features", "feature"];
    case "freshness":
      return statistic === "feature_age_p95" ? ["incident", "features", "feature"] : ["model"];
    case "volume":
    case "performance":
    case "latency":
      return ["model"];
  }
}

export const queryReferences = monitorReferences;
export type QueryReference = (typeof queryReferences)[number];

/** A length that ends now, the window that fired, or all since the impact began. */
export type QueryWindow =
  | { kind: "evidence" }
  | { kind: "impact" }
  | { kind: "last"; lengthMs: number };

/** Between which values the answer should lie; null is no bound on that side. Relative: as shares of what the reference has. */
export type Expectation =
  | { kind: "verdict" }
  | {
      kind: "range";
      low: { at: number; isIn: boolean } | null;
      high: { at: number; isIn: boolean } | null;
      isRelative: boolean;
      /** As it was written. */
      text: string;
    };

/** Where a step leads: on to the one that follows, to the one of a name, or to the end. */
export type NextStep = { kind: "next" } | { kind: "step"; id: string } | { kind: "end" };

export interface StepQuery {
  kind: QueryKind;
  statistic: string;
  target: QueryTarget;
  /** Of `feature`. */
  feature: string | null;
  /** Null: the incident's. */
  model: string | null;
  /** `incident`: its segment, if it has one. Null: all rows. */
  segment: "incident" | { key: string; value: string } | null;
  window: QueryWindow;
  reference: QueryReference;
  /** Fewer values say nothing. */
  sampleMin: number | null;
  expect: Expectation | null;
  inRange: NextStep;
  outOfRange: NextStep;
  /** Null: the step waits until it can be said, or until a person goes on. */
  cannotSay: NextStep | null;
}

interface StepHead {
  id: string;
  /** From 1, in the order of the page. */
  number: number;
  title: string;
  /** Of its first line in the text. */
  line: number;
  /** What to do, in markdown; its first line is `textLine`. */
  text: string;
  textLine: number;
  /** Where it leads once it is done, or left out. */
  then: NextStep;
}

export type RunbookStep =
  | (StepHead & { kind: "manual" })
  | (StepHead & { kind: "query"; query: StepQuery })
  | (StepHead & { kind: "action"; actionSlug: string });

/** Something in the text that can't be meant, with its line from 1. */
export const runbookProblemSchema = z.object({ line: z.int().min(1), message: z.string() });
export type RunbookProblem = z.infer<typeof runbookProblemSchema>;

export type RunbookPart =
  | { kind: "text"; text: string; line: number }
  | { kind: "step"; step: RunbookStep };

export interface ParsedRunbook {
  parts: readonly RunbookPart[];
  steps: readonly RunbookStep[];
  problems: readonly RunbookProblem[];
}

/** What stands for the incident's own in a text: {{incident.model}}. */
export const incidentParameters = [
  "incident.number",
  "incident.title",
  "incident.model",
  "incident.environment",
  "incident.version",
  "incident.feature",
  "incident.segment",
  "incident.severity",
  "incident.impact_started",
] as const;
export type IncidentParameter = (typeof incidentParameters)[number];
export type IncidentParameters = Readonly<Record<IncidentParameter, string | null>>;

const names = z.array(z.string().min(1).max(128)).max(runbookLimits.valuesPerRuleMax).default([]);

/** When a runbook is attached by itself: what is named must hold, what is empty asks nothing; with nothing named it never is. */
export const attachRuleSchema = z.object({
  causeClasses: z.array(causeClassSchema).max(runbookLimits.valuesPerRuleMax).default([]),
  monitorKinds: z.array(monitorKindSchema).max(runbookLimits.valuesPerRuleMax).default([]),
  /** What the alerts are about. */
  subjects: z.array(z.enum(seriesSubjects)).max(seriesSubjects.length).default([]),
  /** What their monitors take: brier, missing_share. */
  statistics: names,
  models: names,
  environments: names,
  /** Of the model's tier, 1 the most important. */
  tiers: z.array(z.int().min(1).max(5)).max(5).default([]),
  severities: z.array(z.enum(severities)).max(severities.length).default([]),
  /** Only incidents of one segment, or only those of all rows. */
  segment: z.enum(["any", "one", "none"]).default("any"),
});
export type AttachRule = z.infer<typeof attachRuleSchema>;

/** What came of a step. `reopened` takes back what was said of it before. */
const stepOutcomes = [
  "done",
  "skipped",
  "in_range",
  "out_of_range",
  "cannot_say",
  "shown",
  "reopened",
] as const;
export const stepOutcomeSchema = z.enum(stepOutcomes);
export type StepOutcome = z.infer<typeof stepOutcomeSchema>;

const instant = z.iso.datetime();
const measured = {
  value: z.number().nullable(),
  /** 95 %, where there is an interval. */
  lower: z.number().nullable(),
  upper: z.number().nullable(),
};

/** What a query step found, as it stays on the timeline: whatever happens to the rows later. */
export const queryResultSchema = z.object({
  outcome: z.enum(["in_range", "out_of_range", "cannot_say", "shown"]),
  /** Value, size, expectation and verdict in words. */
  sentence: z.string(),
  statistic: z.string(),
  unit: z.enum(statisticUnits),
  ...measured,
  /** Null where nothing was counted. */
  sampleCount: z.number().nullable(),
  /** As a share of what the reference has, where that is what was expected. */
  ratio: z.object({ value: z.number(), lower: z.number(), upper: z.number() }).nullable(),
  referenceValue: z.number().nullable(),
  /** What was expected, in words; null: it was asked only to be seen. */
  expected: z.string().nullable(),
  /** Why it can't be said. */
  reason: z.string().nullable(),
  asked: z.object({
    model: z.string(),
    environment: z.string(),
    /** Empty: all of them. */
    version: z.string(),
    segment: z.object({ key: z.string(), value: z.string() }).nullable(),
    target: z.string(),
    from: instant,
    until: instant,
    /** "the training baseline", "the same hours a week earlier"; null where it stands alone. */
    reference: z.string().nullable(),
  }),
  /** What was filled in for want of something better. */
  notes: z.array(z.string()),
  /** Each of what was asked, the worst first. */
  rows: z
    .array(
      z.object({
        name: z.string(),
        ...measured,
        sampleCount: z.number().nullable(),
        outcome: z.enum(["in_range", "out_of_range", "cannot_say", "shown"]),
        text: z.string(),
      }),
    )
    .max(20),
  rowCount: z.int(),
  /** The worst of them over time; empty where there is nothing to draw. */
  points: z
    .array(
      z.object({
        from: instant,
        until: instant,
        ...measured,
        sampleCount: z.number().nullable(),
        /** What the reference had at the same place. */
        reference: z.number().nullable(),
      }),
    )
    .max(60),
  /** Between which values it was expected, in the value's unit. */
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type QueryResult = z.infer<typeof queryResultSchema>;
