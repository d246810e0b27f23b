import { formatDuration, formatNumber } from "#lib/charts/format-number.ts";
import type { BurnUrgency } from "#lib/domain/slo.ts";
import { dayMs, hourMs, minuteMs } from "./wall-clock.ts";

/** A pair of windows that fires when the budget burns at `factor` times the pace that empties it just at the end of its period, in both:
 *  the long one says that it matters, the short one that it still goes on. */
export interface BurnTier {
  name: TierName;
  urgency: BurnUrgency;
  /** How much of the budget is gone when it fires. */
  budgetPercent: number;
  longMs: number;
  shortMs: number;
  factor: number;
  /** Why it is not used; null when it is. */
  refusal: string | null;
}

/** The multiwindow, multi-burn-rate tiers of the Site Reliability Workbook, chapter 5. Fastest first: one that fires silences those
 *  after it. */
const templates = [
  ["page_fast", "page", 2, hourMs, 5 * minuteMs],
  ["page_slow", "page", 5, 6 * hourMs, 30 * minuteMs],
  ["ticket_fast", "ticket", 10, dayMs, 2 * hourMs],
  ["ticket_slow", "ticket", 10, 3 * dayMs, 6 * hourMs],
] as const;

export type TierName = (typeof templates)[number][0];

/** A short window holds at least so many evaluations, a long one so many short ones. */
const cadencesPerShort = 3;
const shortsPerLong = 12;

/** At which multiple of the even pace a window has used up a share of the budget of a period. */
export const factorOf = (budgetPercent: number, periodMs: number, longMs: number): number =>
  (budgetPercent * periodMs) / (100 * longMs);

/** In floating point 0.6 / (1 - 0.9) is more than 6: what stands exactly at a bound must not be taken for what is over it. */
const roundOff = (value: number): number => Number(value.toPrecision(12));

/** How fast a budget burns at an error ratio: 1 empties it just at the end of its period. */
export const burnOf = (errorRatio: number, objective: number): number =>
  roundOff(errorRatio / (1 - objective));

/** The fastest that a budget can burn: everything is bad. */
const burnMax = (objective: number): number => burnOf(1, objective);

/** The tiers of an objective that is measured once per cadence, those that make no sense with the reason why. */
export function deriveTiers({
  objective,
  periodMs,
  cadenceMs,
}: {
  objective: number;
  periodMs: number;
  cadenceMs: number;
}): BurnTier[] {
  const tiers: BurnTier[] = [];
  for (const [name, urgency, budgetPercent, standardLongMs, standardShortMs] of templates) {
    const shortMs = Math.max(standardShortMs, cadencesPerShort * cadenceMs);
    const longMs = Math.max(standardLongMs, shortsPerLong * shortMs);
    const factor = factorOf(budgetPercent, periodMs, longMs);
    const windows = { longMs, shortMs, factor };
    const refusal = refuseTier(windows, { objective, periodMs, earlier: tiers });
    tiers.push({ name, urgency, budgetPercent, ...windows, refusal });
  }
  return tiers;
}

function refuseTier(
  { longMs, shortMs, factor }: { longMs: number; shortMs: number; factor: number },
  known: { objective: number; periodMs: number; earlier: readonly BurnTier[] },
): string | null {
  const { objective, periodMs, earlier } = known;
  if (longMs > periodMs)
    return `its long window of ${formatDuration(longMs)} is longer than the period of ${formatDuration(periodMs)}`;
  if (factor < 1)
    return `it would fire at ${formatNumber(factor)} times the even pace, at which the objective is kept`;
  if (burnMax(objective) <= factor)
    return `it can never fire: at an objective of ${sayObjective(objective)} even a total outage burns only ${formatNumber(burnMax(objective))} times the even pace, and it needs more than ${formatNumber(factor)}`;
  const twin = earlier.find(
    (tier) => tier.refusal === null && tier.longMs === longMs && tier.shortMs === shortMs,
  );
  return twin === undefined
    ? null
    : `an earlier tier has the same windows and fires before it, at ${formatNumber(twin.factor)} times the even pace`;
}

/** "99.9 %": as it was set, where a share of one would be rounded away. */
export const sayObjective = (objective: number): string =>
  `${Number((objective * 100).toPrecision(8))}\u202f%`;

/** What is known of a window. What could not be measured is neither good nor bad. */
export interface WindowCount {
  goodCount: number;
  badCount: number;
  unmeasuredCount: number;
}

/** How fast the budget burns in a window: at least, as if all that is unmeasured were good, and at most. Null when nothing came. */
export interface BurnBounds {
  least: number;
  most: number;
}

function burnBounds(count: WindowCount, objective: number): BurnBounds | null {
  const total = count.goodCount + count.badCount + count.unmeasuredCount;
  if (count.goodCount + count.badCount === 0) return null;
  return {
    least: burnOf(count.badCount / total, objective),
    most: burnOf((count.badCount + count.unmeasuredCount) / total, objective),
  };
}

/** `unknown` keeps what was: it neither fires nor clears. */
export type BurnVerdict = "fire" | "clear" | "unknown";

export interface JudgedTier {
  tier: BurnTier;
  /** What lies in the long window. */
  longCount: WindowCount;
  long: BurnBounds | null;
  short: BurnBounds | null;
  verdict: BurnVerdict;
  /** The faster tier that fires too; null when it stands alone. */
  inhibitedBy: TierName | null;
}

/** Judges every tier that is used. A number of bad events is asked for and never one of all events: one failure at night is no
 *  outage, but nine of ten are one however few came. */
export function judgeTiers(
  tiers: readonly BurnTier[],
  countIn: (windowMs: number) => WindowCount,
  { objective, badCountMin }: { objective: number; badCountMin: number },
): JudgedTier[] {
  let firing: TierName | null = null;
  return tiers
    .filter((tier) => tier.refusal === null)
    .map((tier) => {
      const longCount = countIn(tier.longMs);
      const long = burnBounds(longCount, objective);
      const short = burnBounds(countIn(tier.shortMs), objective);
      const badMost = longCount.badCount + longCount.unmeasuredCount;
      const verdict: BurnVerdict =
        badMost < badCountMin && long !== null
          ? "clear"
          : judgeWindows(tier.factor, { long, short }, longCount.badCount >= badCountMin);
      const inhibitedBy = verdict === "fire" ? firing : null;
      if (verdict === "fire") firing ??= tier.name;
      return { tier, longCount, long, short, verdict, inhibitedBy };
    });
}

function judgeWindows(
  factor: number,
  { long, short }: { long: BurnBounds | null; short: BurnBounds | null },
  isEnough: boolean,
): BurnVerdict {
  if (long === null || short === null) return "unknown";
  if (long.most <= factor || short.most <= factor) return "clear";
  return isEnough && long.least > factor && short.least > factor ? "fire" : "unknown";
}

/** The slow tier that counts instead of measuring a pace: it works where events are too few, or evaluations too rare, for any other.
 *  It fires once a quarter of the period has used up this share of the whole budget. */
const countTierShare = 0.25;

export interface CountTier {
  windowMs: number;
  /** So many bad ones fire it. */
  badCountMin: number;
}

/** `totalCount` is of the whole period: of time slices how many it has, of events how many came. */
export function deriveCountTier({
  objective,
  periodMs,
  totalCount,
  badCountMin,
}: {
  objective: number;
  periodMs: number;
  totalCount: number;
  badCountMin: number;
}): CountTier {
  const allowed = Math.ceil(roundOff(countTierShare * (1 - objective) * totalCount));
  return { windowMs: periodMs / 4, badCountMin: Math.max(badCountMin, allowed) };
}

export function judgeCount({ badCountMin }: CountTier, count: WindowCount): BurnVerdict {
  if (count.badCount >= badCountMin) return "fire";
  if (count.badCount + count.unmeasuredCount >= badCountMin) return "unknown";
  return count.goodCount + count.badCount === 0 ? "unknown" : "clear";
}

/** How long an error ratio must last until a tier fires, when nothing was bad before. */
export const timeToFireMs = (tier: BurnTier, objective: number, errorRatio: number): number =>
  ((1 - objective) / errorRatio) * tier.longMs * tier.factor;

/** When the rest of a budget is gone at a pace; null when it lasts, and 0 when it is gone. */
export function timeToExhaustionMs(
  remainingShare: number,
  burn: number,
  periodMs: number,
): number | null {
  if (remainingShare <= 0) return 0;
  return burn <= 0 ? null : (remainingShare * periodMs) / burn;
}

/** "at this pace the 28 d budget is gone in 6 h". */
export function sayPace(remainingShare: number, burn: number, periodMs: number): string {
  const budget = `${formatDuration(periodMs)} budget`;
  const goneMs = timeToExhaustionMs(remainingShare, burn, periodMs);
  if (goneMs === null) return `nothing burns the ${budget} now`;
  if (goneMs === 0) return `the ${budget} is spent`;
  if (goneMs > periodMs) return `at this pace the ${budget} lasts`;
  return `at this pace the ${budget} is gone in ${formatDuration(goneMs)}`;
}

/** "burns 16 times the even pace over 1 h and 18 times over 5 min, where 14.4 times fires; at this pace ...". What was spent before is
 *  not said again. */
export function sayBurn(
  { tier, long, short }: JudgedTier,
  remainingShare: number,
  periodMs: number,
): string {
  const times = (bounds: BurnBounds | null) => `${formatNumber(bounds?.least ?? null)} times`;
  const pace =
    remainingShare <= 0 ? "" : `; ${sayPace(remainingShare, long?.least ?? 0, periodMs)}`;
  return `burns ${times(long)} the even pace over ${formatDuration(tier.longMs)} and ${times(short)} over ${formatDuration(tier.shortMs)}, where ${formatNumber(tier.factor)} times fires${pace}`;
}
