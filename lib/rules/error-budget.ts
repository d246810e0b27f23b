import type { Health } from "#lib/domain/health.ts";

/** What came of the events or slices of a period. Provisional ones are judged, but labels of them are still coming. */
export interface BudgetCounts {
  settledGood: number;
  settledBad: number;
  provisionalGood: number;
  provisionalBad: number;
  unmeasured: number;
}

/** A budget in shares of itself: 1 is all of it, below 0 it is overspent. */
export interface ErrorBudget {
  /** So many may be bad in the period. */
  allowedCount: number;
  /** Spent for certain, and spent unless labels that are still coming say otherwise. */
  spentSettled: number;
  spentProvisional: number;
  /** What would be spent if everything unmeasured turned out bad. */
  spentIfUnmeasuredBad: number;
  /** As things are judged now; at least if all that is open turns out bad, at most if it turns out good. */
  remaining: number;
  remainingLeast: number;
  remainingMost: number;
  /** Good among what was measured; null when nothing was. */
  attained: number | null;
  health: Health;
}

/** A budget of which less is left is worth a look. */
const watchShare = 0.25;

/** How much of an error budget is left. `totalCount` is what the period holds: of time slices all of them, of events those that came.
 *  What is unmeasured spends nothing, and is said: it is in the bounds. */
export function computeBudget(
  counts: BudgetCounts,
  { objective, totalCount }: { objective: number; totalCount: number },
): ErrorBudget {
  const { settledGood, settledBad, provisionalGood, provisionalBad, unmeasured } = counts;
  const allowedCount = Number(((1 - objective) * totalCount).toPrecision(12));
  const shareOf = (count: number) => (count === 0 ? 0 : count / allowedCount);
  const measured = settledGood + settledBad + provisionalGood + provisionalBad;
  const spentSettled = shareOf(settledBad);
  const spentProvisional = shareOf(provisionalBad);
  const spentIfUnmeasuredBad = shareOf(unmeasured);
  const budget = {
    allowedCount,
    spentSettled,
    spentProvisional,
    spentIfUnmeasuredBad,
    remaining: 1 - spentSettled - spentProvisional,
    remainingLeast: 1 - shareOf(settledBad + provisionalGood + provisionalBad + unmeasured),
    remainingMost: 1 - spentSettled,
    attained: measured === 0 ? null : (settledGood + provisionalGood) / measured,
  };
  return { ...budget, health: healthOf(budget) };
}

function healthOf(budget: Omit<ErrorBudget, "health">): Health {
  if (budget.attained === null) return "unknown";
  if (budget.remainingMost < 0) return "breach";
  return budget.remaining < watchShare ? "watch" : "healthy";
}
