import type { JudgedTier } from "./burn-rate.ts";
import { sayBurn, sayPace } from "./burn-rate.ts";
import type { ErrorBudget } from "./error-budget.ts";

/** How a budget stands and how fast it goes, in one sentence. */
export function sayBudget(
  { remaining, attained }: Pick<ErrorBudget, "remaining" | "attained">,
  judged: readonly JudgedTier[],
  periodMs: number,
): string {
  if (attained === null) return "nothing was measured in this period";
  const firing = judged.find(
    ({ verdict, inhibitedBy }) => verdict === "fire" && inhibitedBy === null,
  );
  if (firing !== undefined) return `it ${sayBurn(firing, remaining, periodMs)}`;
  if (remaining <= 0) return "it burns no faster than its tiers allow";
  const fastest = judged.find(({ long }) => long !== null);
  if (fastest?.long == null) return "how fast it burns is not known";
  return sayPace(remaining, fastest.long.least, periodMs);
}
