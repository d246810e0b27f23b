import { clsx } from "clsx";
import type { SkewVerdictKind } from "#lib/domain/skew.ts";
import { VerdictShape } from "../charts/verdict-shape.tsx";

const names = { skew: "skew", no_skew: "no skew", cannot_say: "cannot say" } as const;
const shapes = { skew: "drift", no_skew: "no_drift", cannot_say: "cannot_say" } as const;

/** The same three shapes as those of drift: found, not found, cannot say. */
export function SkewMark({ verdict }: { verdict: SkewVerdictKind }) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-2 whitespace-nowrap",
        verdict === "skew" ? "font-semibold text-ink" : "text-ink-2",
      )}
    >
      <VerdictShape verdict={shapes[verdict]} />
      {names[verdict]}
    </span>
  );
}
