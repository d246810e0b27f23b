import type {
  NextStep,
  QueryWindow,
  RunbookStep,
  StepKind,
  StepQuery,
} from "#lib/domain/runbook.ts";
import { nameQuestion } from "./describe-reading.ts";
import { formatDuration } from "./format-number.ts";

export const stepKindNames: Record<StepKind, string> = {
  manual: "By hand",
  query: "Asks",
  action: "Acts",
};

/** "PSI of the incident's feature, against the training baseline, in the window that fired; expected < 0.2". */
export function sayQuery(query: StepQuery): string {
  const parts = [
    `${nameStatistic(query)} of ${sayTarget(query)}`,
    ...(query.model === null ? [] : [`of the model ${query.model}`]),
    ...saySegment(query),
    ...sayReference(query),
    sayWindow(query.window),
  ];
  return `${parts.join(", ")}${sayExpect(query)}`;
}

function nameStatistic({ kind, statistic }: StepQuery): string {
  if (statistic === "main") return "The main metric";
  const name = nameQuestion(kind, statistic);
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

function sayTarget({ target, feature }: StepQuery): string {
  switch (target) {
    case "incident":
      return "what the incident is about";
    case "feature":
      return feature ?? "a feature";
    case "features":
      return "all features";
    case "everything":
      return "all features and the prediction";
    case "prediction":
      return "the prediction";
    case "label":
      return "the label";
    case "model":
      return "the whole model";
  }
}

function saySegment({ segment }: StepQuery): string[] {
  if (segment === "incident") return [];
  return [segment === null ? "all segments together" : `where ${segment.key} = ${segment.value}`];
}

const references = {
  baseline: "the training baseline",
  trailing: "the days before",
  previous: "the window just before",
  last_week: "the same hours a week earlier",
} as const;

function sayReference({ kind, expect, reference }: StepQuery): string[] {
  const isRelative = expect?.kind === "range" && expect.isRelative;
  return isRelative || kind === "drift" || kind === "quality"
    ? [`against ${references[reference]}`]
    : [];
}

function sayWindow(window: QueryWindow): string {
  switch (window.kind) {
    case "evidence":
      return "in the window that fired";
    case "impact":
      return "since the impact began";
    case "last":
      return `in the last ${formatDuration(window.lengthMs)}`;
  }
}

function sayExpect({ expect, kind }: StepQuery): string {
  if (expect === null) return "";
  if (expect.kind === "range") return `; expected ${expect.text}`;
  const words = { drift: "no drift", quality: "no problem", skew: "no skew" } as const;
  return `; expected ${kind === "drift" || kind === "quality" || kind === "skew" ? words[kind] : "nothing unusual"}`;
}

/** Where a step leads, where it does not just go on. */
export function sayBranches(step: RunbookStep, steps: readonly RunbookStep[]): string[] {
  const say = (answer: string, next: NextStep | null) => {
    if (next === null || next.kind === "next") return [];
    if (next.kind === "end") return [`${answer}: the end`];
    const found = steps.find(({ id }) => id === next.id);
    return [`${answer}: on with step ${found?.number ?? "?"}, ${found?.title ?? next.id}`];
  };
  if (step.kind !== "query") return say("then", step.then);
  return [
    ...say("in range", step.query.inRange),
    ...say("out of range", step.query.outOfRange),
    ...say("cannot say", step.query.cannotSay),
    ...say("left out", step.then),
  ];
}
