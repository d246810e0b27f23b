import { clsx } from "clsx";
import type { SloBudget } from "#lib/api/slo.ts";
import { formatShare } from "#lib/charts/format-number.ts";
import type { BudgetBarModel } from "#lib/charts/prepare-budget-bar.ts";
import { prepareBudgetBar } from "#lib/charts/prepare-budget-bar.ts";

/** A budget as one bar: spent for certain, spent as things are judged, unmeasured, and what is left. */
export function BudgetBar({ budget }: { budget: SloBudget }) {
  const bar: BudgetBarModel = prepareBudgetBar(budget);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span
        role="img"
        aria-label={bar.sentence}
        title={bar.sentence}
        className="flex h-2.5 w-28 shrink-0 overflow-hidden rounded-sm border bg-page max-sm:w-16"
      >
        {bar.parts.map(({ id, percent }) => (
          <span key={id} className={partClass[id]} style={{ width: `${percent}%` }} />
        ))}
      </span>
      <span className={clsx("tabular", bar.isOverspent && "font-medium text-breach")}>
        {budget.attained === null ? "cannot say" : bar.text}
      </span>
      <span className="sr-only">{formatShare(Math.max(0, budget.remaining))} left</span>
    </span>
  );
}

const partClass = {
  left: "bg-accent/70",
  provisional: "hatched bg-watch/40",
  unmeasured: "hatched bg-unknown-soft",
  spent: "bg-line-strong/50",
} as const;
