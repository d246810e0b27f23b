import { formatCount, formatDuration, formatShare } from "#lib/charts/format-number.ts";
import type { SeriesResult } from "#lib/domain/monitor.ts";
import type { BurnUrgency } from "#lib/domain/slo.ts";
import type { BurnVerdict, CountTier, JudgedTier, WindowCount } from "./burn-rate.ts";
import { sayBurn } from "./burn-rate.ts";

export interface JudgedBurn {
  judged: readonly JudgedTier[];
  countTier: CountTier;
  count: WindowCount;
  countVerdict: BurnVerdict;
}

/** What an objective's tiers of one urgency say together, as alerting takes it. The most urgent tier that fires speaks alone: where it
 *  silences slower ones these neither fire nor clear. Unknown keeps what was. Null: no tier of this urgency is used. */
export function judgeSlo(
  burn: JudgedBurn,
  urgency: BurnUrgency,
  { remaining, periodMs }: { remaining: number; periodMs: number },
): SeriesResult | null {
  const tiers = burn.judged.filter(({ tier }) => tier.urgency === urgency);
  const firing = tiers.find(
    ({ verdict, inhibitedBy }) => verdict === "fire" && inhibitedBy === null,
  );
  const isPaged = burn.judged.some(
    ({ tier, verdict }) => tier.urgency === "page" && verdict === "fire",
  );
  const pace = { remaining, periodMs };
  if (firing !== undefined) return toResult(firing, "fire", pace);
  const isCounted = urgency === "ticket" && burn.countVerdict === "fire";
  if (isCounted && !isPaged) return toCountResult(burn, "fire", pace);
  const inhibited = tiers.find(({ verdict }) => verdict === "fire");
  if (inhibited !== undefined) return toResult(inhibited, "between", pace);
  if (isCounted) return toCountResult(burn, "between", pace);
  const verdicts = [
    ...tiers.map(({ verdict }) => verdict),
    ...(urgency === "ticket" ? [burn.countVerdict] : []),
  ];
  if (verdicts.length === 0) return null;
  if (verdicts.includes("unknown"))
    return { kind: "no_data", reason: "too much of its windows could not be measured" };
  const [first] = tiers;
  return first === undefined ? toCountResult(burn, "clear", pace) : toResult(first, "clear", pace);
}

type Judged = "fire" | "clear" | "between";
interface Pace {
  remaining: number;
  periodMs: number;
}

function toResult(found: JudgedTier, judged: Judged, pace: Pace): SeriesResult {
  const { tier, long, longCount } = found;
  return {
    kind: "value",
    value: long?.least ?? 0,
    lower: long?.least ?? null,
    upper: long?.most ?? null,
    sampleCount: longCount.goodCount + longCount.badCount,
    judged,
    fireThreshold: tier.factor,
    clearThreshold: tier.factor,
    sentence: sayBurn(found, pace.remaining, pace.periodMs),
  };
}

function toCountResult(
  { countTier, count }: JudgedBurn,
  judged: Judged,
  { remaining, periodMs }: Pace,
): SeriesResult {
  const { windowMs, badCountMin } = countTier;
  const bad = `${formatCount(count.badCount)} bad in ${formatDuration(windowMs)}`;
  return {
    kind: "value",
    value: count.badCount,
    lower: count.badCount,
    upper: count.badCount + count.unmeasuredCount,
    sampleCount: count.goodCount + count.badCount,
    judged,
    fireThreshold: badCountMin,
    clearThreshold: badCountMin,
    sentence: `${bad}, where ${formatCount(badCountMin)} are too many; ${sayLeft(remaining, periodMs)}`,
  };
}

function sayLeft(remaining: number, periodMs: number): string {
  const budget = `the ${formatDuration(periodMs)} budget`;
  return remaining <= 0 ? `${budget} is spent` : `${formatShare(remaining)} of ${budget} is left`;
}
