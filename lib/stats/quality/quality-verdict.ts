/** Quality verdict: problem, ok, or cannot say, for every feature of one model run together.
 *
 *  Rule. All tests of all features are one family. A test has found a problem when its Benjamini-Hochberg adjusted p-value is
 *  at most the false-discovery rate (0.04), and the lower end of the 95 % interval of the rise exceeds what is negligible:
 *  half a point of rows for missing values, a tenth of a point for what is wrong in itself. A fall is never a problem.
 *  A rule that a person declared is broken when the lower end of the share's own interval exceeds a tenth of a point.
 *  A feature is constant when at least 95 % of its values are one, and of the variety of the baseline (5 % at least)
 *  less than a tenth is left, both by the ends of their intervals that speak against it.
 *  A feature has a problem if one check found one; else, if a check could not be made, nothing can be said; else it is ok.
 *  Degenerate input: no features: none; checks that are no tests are no members of the family. */

import { adjustPValues, FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import { CONSTANT_SHARE_MIN } from "#lib/stats/quality/constancy.ts";
import type {
  QualityCheck,
  QualityCheckName,
  QualityLack,
} from "#lib/stats/quality/quality-checks.ts";

export type QualityOutcome = "problem" | "negligible" | "ok" | "cannot_say";

export type JudgedCheck = QualityCheck & {
  readonly outcome: QualityOutcome;
  /** Null when it is no test. */
  readonly adjustedPValue: number | null;
};

export type QualityVerdict =
  | { readonly kind: "problem" }
  | { readonly kind: "ok" }
  | { readonly kind: "cannot_say"; readonly lack: QualityLack };

export type FeatureQuality = {
  readonly verdict: QualityVerdict;
  /** Worst first: problems by their share, then the others as they are asked. */
  readonly checks: readonly JudgedCheck[];
  readonly familySize: number;
};

export type QualityVerdictOptions = {
  readonly falseDiscoveryRate?: number;
  readonly negligible?: Partial<Record<QualityCheckName, number>>;
};

/** In shares of rows. */
const NEGLIGIBLE: Record<QualityCheckName, number> = {
  null: 0.005,
  absent: 0.005,
  nan: 0.001,
  infinite: 0.001,
  wrong_kind: 0.001,
  below_range: 0.001,
  above_range: 0.001,
  unseen_category: 0.001,
  constant: 0,
};
const RULE_NEGLIGIBLE = 0.001;
const VARIETY_MIN = 0.05;
const VARIETY_LEFT_MAX = 0.1;

/** Whether a check says that one value is all that is left. What a feature is in such windows by nature, constancy.ts says. */
export const isVarietyGone = (check: QualityCheck): boolean => {
  if (check.check !== "constant" || check.kind !== "tested") return false;
  const share = check.window.count / check.window.total;
  const left = 1 - check.windowInterval.lower;
  const before = 1 - check.baselineInterval.upper;
  return share >= CONSTANT_SHARE_MIN && before >= VARIETY_MIN && left < VARIETY_LEFT_MAX * before;
};

const outcomeOf = (
  check: QualityCheck,
  adjustedPValue: number,
  rate: number,
  negligible: Readonly<Record<QualityCheckName, number>>,
): QualityOutcome => {
  switch (check.kind) {
    case "cannot_say":
      return "cannot_say";
    case "none":
      return "ok";
    case "ruled":
      return check.windowInterval.lower > RULE_NEGLIGIBLE ? "problem" : "negligible";
    case "tested": {
      if (adjustedPValue > rate || check.change.difference <= 0) return "ok";
      if (check.check === "constant") return isVarietyGone(check) ? "problem" : "ok";
      return check.change.lower > negligible[check.check] ? "problem" : "negligible";
    }
  }
};

const shareOf = ({ window }: QualityCheck) => window.count / Math.max(1, window.total);

const verdictFrom = (checks: readonly JudgedCheck[]): QualityVerdict => {
  if (checks.some((check) => check.outcome === "problem")) return { kind: "problem" };
  for (const check of checks) {
    if (check.kind === "cannot_say") return { kind: "cannot_say", lack: check.lack };
  }
  return { kind: "ok" };
};

/** The checks of every feature, in the order of the features. */
export const judgeQuality = (
  features: readonly (readonly QualityCheck[])[],
  options: QualityVerdictOptions = {},
): FeatureQuality[] => {
  const rate = options.falseDiscoveryRate ?? FALSE_DISCOVERY_RATE;
  const negligible = { ...NEGLIGIBLE, ...options.negligible };
  const family = features.flat().flatMap((check) => (check.kind === "tested" ? [check] : []));
  const adjusted = adjustPValues(family.map((check) => check.pValue));
  const adjustedOf = new Map<QualityCheck, number>(
    family.map((check, i) => [check, adjusted[i] ?? 1]),
  );
  return features.map((checks) => {
    const judged = checks.map((check): JudgedCheck => {
      const adjustedPValue = adjustedOf.get(check) ?? null;
      const outcome = outcomeOf(check, adjustedPValue ?? 1, rate, negligible);
      return { ...check, outcome, adjustedPValue };
    });
    const rank = (check: JudgedCheck) => (check.outcome === "problem" ? 1 + shareOf(check) : 0);
    return {
      verdict: verdictFrom(judged),
      checks: judged.toSorted((a, b) => rank(b) - rank(a)),
      familySize: family.length,
    };
  });
};
