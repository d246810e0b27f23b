import { clsx } from "clsx";
import { qualityVerdictNames } from "#lib/charts/name-quality.ts";
import type { QualityVerdict } from "#lib/domain/quality.ts";
import { VerdictShape } from "../charts/verdict-shape.tsx";

const shapes = {
  problem: "drift",
  failed: "cannot_say",
  cannot_say: "cannot_say",
  ok: "no_drift",
} as const;

/** A verdict is not a state of health: it has a shape and a weight, and no status colour. */
export function QualityMark({ verdict }: { verdict: QualityVerdict }) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-2 whitespace-nowrap",
        verdict === "problem" ? "font-semibold text-ink" : "text-ink-2",
      )}
    >
      <VerdictShape verdict={shapes[verdict]} />
      {qualityVerdictNames[verdict]}
    </span>
  );
}
