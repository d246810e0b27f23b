import type { FeatureVerdict, JudgedTest } from "#lib/stats/verdict.ts";

/** A baseline of a month does not hold whole weeks either: its share of weekends is off by some hundredths, and that is real. */
const leftMax = 0.1;

export interface WeeklyVerdicts {
  /** Of the window against the baseline. */
  window: FeatureVerdict;
  /** Of the window against the same time a week before. */
  before: FeatureVerdict;
  /** Of the seven days up to the window's end against the baseline. */
  week: FeatureVerdict;
}

/** Whether a drift from the baseline in less than a week is the week's own: a flag of the weekend differs from any baseline on each single
 *  day. The window is as it was a week before, and of its distance less than a tenth is left in the seven days together. Whatever
 *  changes fails the first at once, and the second once a week of it is in. What cannot be said explains nothing. */
export function isWeekly({ window, before, week }: WeeklyVerdicts): boolean {
  if (before.verdict.kind !== "no_drift" || week.verdict.kind === "cannot_say") return false;
  return week.tests
    .filter(({ outcome }) => outcome === "drift")
    .every((left) => {
      const whole = window.tests.find(({ name }) => name === left.name);
      return (
        whole?.outcome === "drift" &&
        multiplesOf(left, "upperBound") <= leftMax * multiplesOf(whole, "lowerBound")
      );
    });
}

export interface HourlyVerdicts {
  /** Of the window against the baseline. */
  window: FeatureVerdict;
  /** Of the window against the baseline's rows of the same hours of the week. */
  hours: FeatureVerdict;
}

/** The same where no week before is known, as in the first week of a model: the window is as the baseline itself was at these hours of the
 *  week, and that is known well enough: at most less is left than was found at least. */
export function isOfItsHours({ window, hours }: HourlyVerdicts): boolean {
  if (hours.verdict.kind !== "no_drift") return false;
  return window.tests
    .filter(({ outcome }) => outcome === "drift")
    .every((whole) => {
      const left = hours.tests.find(({ name }) => name === whole.name);
      return (
        left !== undefined && multiplesOf(left, "upperBound") < multiplesOf(whole, "lowerBound")
      );
    });
}

/** In multiples of what is negligible. */
function multiplesOf({ decidedBy }: JudgedTest, bound: "lowerBound" | "upperBound"): number {
  return decidedBy === null ? Number.NaN : decidedBy[bound] / decidedBy.negligible;
}
