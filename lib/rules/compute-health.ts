import type { Health, Verdict } from "#lib/domain/health.ts";

export interface JudgedKey {
  /** "prediction" stands above all features. */
  subject: "prediction" | "feature";
  feature: string;
  verdict: Verdict;
  reason: string;
}

/** What the newest evaluation of quality, freshness and volume found wrong. */
export interface FoundProblem {
  kind: "quality" | "freshness" | "volume";
  subject: string;
  feature: string;
  reason: string;
}

export interface HealthFacts {
  hasBaseline: boolean;
  /** The newest evaluation; empty when there was none. */
  judged: readonly JudgedKey[];
  problems?: readonly FoundProblem[];
  rowCount: number;
  /** Of the window of the same length just before. */
  previousRowCount: number;
  hasEverHadRows: boolean;
}

export interface HealthVerdict {
  health: Health;
  /** In words, worst first. */
  reasons: string[];
}

const namedMax = 3;

/** A model's state at a glance. What cannot be said is never "healthy". */
export function computeHealth(facts: HealthFacts): HealthVerdict {
  const drifting = facts.judged.filter((key) => key.verdict === "drift");
  const predictions = drifting.filter((key) => key.subject === "prediction");
  const features = drifting.filter((key) => key.subject === "feature");
  const problems = facts.problems ?? [];
  const isSilent = facts.rowCount === 0 && facts.previousRowCount > 0;
  const breaches = [
    ...(isSilent ? [`no rows, where the window before had ${facts.previousRowCount}`] : []),
    ...predictions.map((key) => `prediction drifts: ${key.reason}`),
    ...problems
      .filter((one) => one.kind === "quality" && one.subject === "prediction")
      .map((one) => `prediction is bad: ${one.reason}`),
  ];
  const watches = [
    ...(features.length === 0 ? [] : [describeDrifting(features, facts.judged)]),
    ...describeProblems(problems),
  ];
  const unknowns = unknownReasons(facts);
  const reasons = [...breaches, ...watches, ...unknowns];
  if (breaches.length > 0) return { health: "breach", reasons };
  if (watches.length > 0) return { health: "watch", reasons };
  if (unknowns.length > 0) return { health: "unknown", reasons };
  return { health: "healthy", reasons: [describeHealthy(facts.judged)] };
}

function unknownReasons({ hasBaseline, judged, rowCount, hasEverHadRows }: HealthFacts): string[] {
  if (!hasEverHadRows) return ["no rows yet"];
  const reasons: string[] = [];
  if (!hasBaseline) reasons.push("no baseline to compare with");
  if (rowCount === 0) reasons.push("no rows in this window");
  if (judged.length === 0) reasons.push("drift was not evaluated yet");
  const undecided = judged.filter((key) => key.verdict === "cannot_say");
  const [prediction] = undecided.filter((key) => key.subject === "prediction");
  if (judged.length > 0 && undecided.length === judged.length) {
    reasons.push(`drift cannot be judged: ${undecided[0]?.reason ?? "too few rows"}`);
  } else if (
    prediction !== undefined &&
    !judged.some((key) => key.subject === "prediction" && key.verdict !== "cannot_say")
  ) {
    reasons.push(`the prediction cannot be judged: ${prediction.reason}`);
  }
  return reasons;
}

function describeDrifting(drifting: readonly JudgedKey[], judged: readonly JudgedKey[]): string {
  const total = judged.filter((key) => key.subject === "feature").length;
  const names = drifting.slice(0, namedMax).map((key) => key.feature);
  const more = drifting.length > namedMax ? ` and ${drifting.length - namedMax} more` : "";
  return `${drifting.length} of ${total} features ${drifting.length === 1 ? "drifts" : "drift"}: ${names.join(", ")}${more}`;
}

function describeProblems(problems: readonly FoundProblem[]): string[] {
  const bad = problems.filter((one) => one.kind === "quality" && one.subject === "feature");
  const [worst] = bad;
  const more = bad.length > 1 ? ` and ${bad.length - 1} more` : "";
  return [
    ...(worst === undefined ? [] : [`bad values: ${worst.feature}${more}: ${worst.reason}`]),
    ...problems.filter((one) => one.kind === "volume").map((one) => `volume: ${one.reason}`),
    ...problems.filter((one) => one.kind === "freshness").map((one) => `freshness: ${one.reason}`),
  ];
}

function describeHealthy(judged: readonly JudgedKey[]): string {
  const undecided = judged.filter((key) => key.verdict === "cannot_say").length;
  const decided = `${judged.length - undecided} of ${judged.length} judged, none drifts`;
  return undecided === 0 ? decided : `${decided}; ${undecided} cannot be judged`;
}
