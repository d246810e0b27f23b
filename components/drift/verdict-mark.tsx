import { clsx } from "clsx";
import { verdictNames } from "#lib/charts/name-statistic.ts";
import type { Verdict } from "#lib/domain/health.ts";
import { VerdictShape } from "../charts/verdict-shape.tsx";

/** A verdict is not a state of health: it has a shape and a weight, and no status colour. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-2 whitespace-nowrap",
        verdict === "drift" ? "font-semibold text-ink" : "text-ink-2",
      )}
    >
      <VerdictShape verdict={verdict} />
      {verdictNames[verdict]}
    </span>
  );
}
