import type { ReproductionAnswer } from "#lib/api/incident.ts";
import { statisticUnits } from "#lib/domain/monitor-definition.ts";
import { formatReading } from "./describe-reading.ts";
import { formatCountExact, formatNumber } from "./format-number.ts";

/** Whether the frozen value is found again, in words. */
export function sayReproduction(
  {
    verdict,
    value,
    difference,
    sampleCount,
    reason,
  }: Pick<ReproductionAnswer, "verdict" | "value" | "difference" | "sampleCount" | "reason">,
  unit: string | null,
): string {
  const known = statisticUnits.find((one) => one === unit);
  const say = (figure: number | null) =>
    known === undefined ? formatNumber(figure) : formatReading(figure ?? Number.NaN, known);
  const why = reason === null ? "" : `: ${reason}`;
  switch (verdict) {
    case "same":
      return `The same: ${say(value)} over ${formatCountExact(sampleCount ?? 0)} values.`;
    case "differs": {
      const sign = (difference ?? 0) > 0 ? "+" : "";
      return `It is ${say(value)} now, which differs by ${sign}${formatNumber(difference)}${why}.`;
    }
    case "cannot":
      return `It can't be computed any more${why}.`;
  }
}
