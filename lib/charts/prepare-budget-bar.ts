import type { SloBudget } from "#lib/api/slo.ts";
import { formatNumber, formatShare } from "./format-number.ts";

export interface BudgetBarModel {
  parts: { id: "left" | "unmeasured" | "provisional" | "spent"; percent: number }[];
  text: string;
  isOverspent: boolean;
  sentence: string;
}

/** The parts of a budget, which together are all of it: what is left first. */
export function prepareBudgetBar(budget: SloBudget): BudgetBarModel {
  const { spentSettled, spentProvisional, spentIfUnmeasuredBad, remaining } = budget;
  const spent = Math.min(1, spentSettled);
  const provisional = Math.min(1 - spent, spentProvisional);
  const unmeasured = Math.min(1 - spent - provisional, spentIfUnmeasuredBad);
  const left = 1 - spent - provisional - unmeasured;
  const isOverspent = remaining < 0;
  const text = sayRemaining(remaining);
  const parts = [
    `${formatShare(spentSettled)} spent`,
    ...(spentProvisional === 0 ? [] : [`${formatShare(spentProvisional)} spent provisionally`]),
    ...(spentIfUnmeasuredBad === 0
      ? []
      : [`${formatShare(spentIfUnmeasuredBad)} if all that is unmeasured was bad`]),
  ];
  return {
    parts:
      budget.attained === null
        ? [{ id: "unmeasured", percent: 100 }]
        : [
            { id: "left", percent: left * 100 },
            { id: "unmeasured", percent: unmeasured * 100 },
            { id: "provisional", percent: provisional * 100 },
            { id: "spent", percent: spent * 100 },
          ],
    text,
    isOverspent,
    sentence:
      budget.attained === null
        ? "Nothing was measured in this period."
        : `Budget left: ${text}; ${parts.join(", ")}.`,
  };
}

/** "87 %", "\u221240 %", "spent 21 times": far below nothing a percentage is no longer read. */
export function sayRemaining(remaining: number): string {
  if (remaining >= 0) return formatShare(remaining);
  if (remaining > -1) return `\u2212${formatShare(-remaining)}`;
  return `spent ${formatNumber(1 - remaining)} times`;
}
