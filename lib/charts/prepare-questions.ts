import type { FeatureDrift } from "#lib/api/drift.ts";
import type { Verdict } from "#lib/domain/health.ts";
import { formatCount, formatNumber, formatPValue, formatShare } from "./format-number.ts";
import { formatInterval } from "./prepare-statistics.ts";

type DriftTest = FeatureDrift["tests"][number];
type DriftQuestion = DriftTest["question"];

export interface QuestionRow {
  question: DriftQuestion;
  label: string;
  /** The mark, and the word, which tells "real but negligible" from "within noise". */
  verdict: Verdict;
  outcome: string;
  /** What was held against what: "Wasserstein / std 0.31 (0.28 to 0.34); noise gives 0.03, up to 0.05 is negligible". */
  words: string;
  adjustedPValue: string;
  /** "1,203 against 5,000 rows". */
  sizes: string;
  isDecisive: boolean;
}

const labels: Record<DriftQuestion, string> = {
  values: "Values",
  missing: "Missing",
  nan: "NaN",
  infinite: "Infinite",
  type_violations: "Wrong type",
  out_of_range: "Out of range",
  unseen: "Never seen before",
};
const outcomes: Record<DriftTest["outcome"], { verdict: Verdict; words: string }> = {
  drift: { verdict: "drift", words: "drift" },
  real_but_negligible: { verdict: "no_drift", words: "real but negligible" },
  within_noise: { verdict: "no_drift", words: "within noise" },
  cannot_say: { verdict: "cannot_say", words: "cannot say" },
};

/** What the verdict asked of a feature, and what it found on each question. */
export function prepareQuestions(drift: FeatureDrift): QuestionRow[] {
  return drift.tests.map((test) => ({
    question: test.question,
    label: labels[test.question],
    verdict: outcomes[test.outcome].verdict,
    outcome: outcomes[test.outcome].words,
    words: toWords(test),
    adjustedPValue: formatPValue(test.adjustedPValue),
    sizes: `${formatCount(test.windowCount)} against ${formatCount(test.referenceCount)} rows`,
    isDecisive: test.question === drift.decidedQuestion,
  }));
}

type Effect = NonNullable<DriftTest["decidedBy"]>;

const effectNames: Record<Effect["statistic"], string> = {
  wasserstein_normed: "Wasserstein",
  hellinger: "Hellinger",
  rate_difference: "Share",
};
const effectUnits: Record<Effect["statistic"], string> = {
  wasserstein_normed: " std",
  hellinger: "",
  rate_difference: "",
};

function toWords({ question, rate, decidedBy }: DriftTest): string {
  const before = question === "unseen" ? "usual" : "before";
  const change =
    rate === null
      ? ""
      : `${formatShare(rate.referenceShare)} ${before}, ${formatShare(rate.windowShare)} now (${formatPoints(rate.interval)} points)`;
  const effect = decidedBy === null ? "" : effectWords(decidedBy);
  if (change === "" && effect === "") return "no distance could be computed";
  return [change, effect].filter((part) => part !== "").join("; ");
}

function effectWords(effect: Effect): string {
  const { statistic, value, lowerBound, upperBound, nullExpectation, negligible } = effect;
  // The change itself is said before it.
  if (statistic === "rate_difference") return `up to ${formatShare(negligible)} is negligible`;
  return `${effectNames[statistic]} ${formatNumber(value)}${effectUnits[statistic]} (${formatInterval(lowerBound, upperBound)}); noise gives ${formatNumber(nullExpectation)}, up to ${formatNumber(negligible)} is negligible`;
}

function formatPoints({ low, high }: { low: number; high: number }): string {
  const [from, to] = [low, high].map((share) => Number((share * 100).toPrecision(3)));
  const sign = (from ?? 0) > 0 ? "+" : "";
  return `${sign}${formatInterval(from ?? 0, to ?? 0)}`;
}

const rateWords: Record<Exclude<DriftQuestion, "values">, string> = {
  missing: "missing values",
  nan: "NaN",
  infinite: "infinite values",
  type_violations: "values of a wrong type",
  out_of_range: "values outside the reference's range",
  unseen: "values that the reference lacks",
};

/** What one question found, short enough for a headline: "its values moved by 0.31 standard deviations, where noise gives 0.03". */
export function describeFinding({ question, rate, decidedBy }: DriftTest): string {
  if (question !== "values") {
    const what = rateWords[question];
    if (rate === null) return `${what} changed`;
    const [before, now] = [rate.referenceShare, rate.windowShare].map(formatShare);
    return question === "unseen"
      ? `${what} are ${now} where ${before} is usual`
      : `${what} went from ${before} to ${now}`;
  }
  if (decidedBy === null) return "its values changed";
  const size =
    decidedBy.statistic === "wasserstein_normed"
      ? `moved by ${formatNumber(decidedBy.value)} standard deviations`
      : `changed by a Hellinger distance of ${formatNumber(decidedBy.value)}`;
  return `its values ${size}, where noise gives ${formatNumber(decidedBy.nullExpectation)}`;
}

/** The finding of a whole feature in the space of a column: "23.8 std", "Hellinger 0.216", "missing 5 % to 30 %". */
export function describeDecision(drift: FeatureDrift): string | null {
  const test = drift.tests.find(({ question }) => question === drift.decidedQuestion);
  if (test === undefined) return null;
  const { question, rate, decidedBy } = test;
  if (rate !== null)
    return `${labels[question].toLowerCase()} ${formatShare(rate.referenceShare)} to ${formatShare(rate.windowShare)}`;
  if (decidedBy === null) return null;
  return `${effectNames[decidedBy.statistic]} ${formatNumber(decidedBy.value)}${effectUnits[decidedBy.statistic]}`;
}
