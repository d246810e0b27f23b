import { formatReading } from "#lib/charts/describe-reading.ts";
import { formatCountExact, formatShare } from "#lib/charts/format-number.ts";
import type { StatisticUnit } from "#lib/domain/monitor-definition.ts";
import { unitOf } from "#lib/domain/monitor-definition.ts";
import type { QueryResult, StepQuery } from "#lib/domain/runbook.ts";
import { judgeExpectation, ratioOf } from "#lib/rules/judge-expectation.ts";
import type { QueryValue } from "./query-value.ts";

type Outcome = QueryResult["outcome"];

export interface JudgedValue {
  value: QueryValue;
  outcome: Outcome;
  /** As a share of the reference's, where that was expected. */
  ratio: { value: number; lower: number; upper: number } | null;
  /** What the reference has. */
  reference: number | null;
  /** The figure in words. */
  text: string;
}

/** Holds one value against what is expected. */
export function judgeValue(
  value: QueryValue,
  there: QueryValue | null,
  query: StepQuery,
): JudgedValue {
  const plain = { value, ratio: null, reference: null };
  if (value.kind === "unknown") return { ...plain, outcome: "cannot_say", text: value.reason };
  const { expect } = query;
  const unit = unitOf(query.kind, query.statistic);
  const figure =
    value.words !== null && value.isGood !== null ? value.words : sayFigure(value, unit);
  if (expect === null) return { ...plain, outcome: "shown", text: figure };
  if (expect.kind === "verdict")
    return { ...plain, outcome: value.isGood === true ? "in_range" : "out_of_range", text: figure };
  if (!expect.isRelative)
    return { ...plain, outcome: judgeExpectation(value, expect), text: figure };
  const lack = (reason: string): JudgedValue => ({
    ...plain,
    outcome: "cannot_say",
    text: `${figure}; ${reason}`,
  });
  if (there === null) return lack("the reference has nothing of it");
  if (there.kind === "unknown") return lack(`of the reference: ${there.reason}`);
  const ratio = ratioOf(value, there);
  if (ratio === null)
    return {
      ...lack("the reference has none, so there is no share of it"),
      reference: there.value,
    };
  return {
    value,
    ratio,
    reference: there.value,
    outcome: judgeExpectation(ratio, expect),
    text: `${figure}, ${formatShare(ratio.value)} of ${formatReading(there.value, unit)}`,
  };
}

function sayFigure(
  { value, lower, upper, sampleCount, words }: Extract<QueryValue, { kind: "value" }>,
  unit: StatisticUnit,
): string {
  const said = (one: number) => formatReading(one, unit);
  const interval =
    lower === null || upper === null || lower === upper
      ? ""
      : ` (${said(lower)} to ${said(upper)})`;
  const size = unit === "rows" || unit === "ms" ? "" : `, n = ${formatCountExact(sampleCount)}`;
  return `${said(value)}${interval}${size}${words === null ? "" : `; ${words}`}`;
}

const ranks: Record<Outcome, number> = { out_of_range: 0, cannot_say: 1, in_range: 2, shown: 2 };

/** What is out of range first, then what can't be said; of the same the one that is farthest. */
export function worstFirst(judged: readonly JudgedValue[]): JudgedValue[] {
  const far = ({ value, ratio }: JudgedValue) => {
    if (value.kind !== "value") return 0;
    return ratio === null ? Math.abs(value.value) : Math.abs(ratio.value - 1);
  };
  return judged.toSorted((a, b) => ranks[a.outcome] - ranks[b.outcome] || far(b) - far(a));
}

/** Of all of them together: one that is surely out is out, whatever the others are; all must be known to be in. */
export function toOutcome(
  judged: readonly JudgedValue[],
  { expect }: StepQuery,
): { outcome: Outcome; reason: string | null } {
  const [worst] = judged;
  if (worst === undefined)
    return { outcome: "cannot_say", reason: "nothing came of what is asked in this window" };
  if (worst.outcome !== "cannot_say") return { outcome: worst.outcome, reason: null };
  const unknown = judged.filter(({ outcome }) => outcome === "cannot_say");
  const isKnown = worst.value.kind === "value" && worst.reference === null && worst.ratio === null;
  const first = `${nameIn(worst)}${isKnown && expect?.kind === "range" && !expect.isRelative ? `${worst.text}: the interval reaches across ${expect.text}` : worst.text}`;
  const crossing =
    worst.ratio !== null && expect?.kind === "range"
      ? `${first}: the interval reaches across ${expect.text}`
      : first;
  const more = unknown.length === 1 ? "" : `, and ${unknown.length - 1} more`;
  return { outcome: "cannot_say", reason: `${crossing}${more}` };
}

const nameIn = ({ value }: JudgedValue) =>
  value.name === "" || value.name === "the whole model" ? "" : `${value.name}: `;

const verdictWords: Record<Exclude<Outcome, "cannot_say">, string> = {
  in_range: "in range",
  out_of_range: "out of range",
  shown: "",
};

/** "PSI of distance 0.31 (0.28 to 0.34), n = 12,400: out of range, expected < 0.2". */
export function describeAnswer({
  judged,
  outcome,
  reason,
  query,
  what,
}: {
  judged: readonly JudgedValue[];
  outcome: Outcome;
  reason: string | null;
  query: StepQuery;
  unit: StatisticUnit;
  what: string;
}): string {
  const [worst] = judged;
  const many = judged.length > 1;
  const out = judged.filter((one) => one.outcome === "out_of_range").length;
  const family = many ? `, ${out} of ${judged.length} out of range, the worst: ` : " ";
  if (worst === undefined || outcome === "cannot_say")
    return `${what}: cannot say, because ${reason}`;
  const expected = query.expect?.kind === "range" ? `, expected ${query.expect.text}` : "";
  const said = `${nameIn(worst)}${worst.text}`;
  if (outcome === "shown") return `${what} ${said}`;
  return `${what}${family}${said}: ${verdictWords[outcome]}${expected}`;
}
