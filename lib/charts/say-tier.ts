import type { SloDetail } from "#lib/api/slo.ts";
import { formatDuration, formatNumber } from "./format-number.ts";

const names: Record<string, string> = {
  page_fast: "Fast",
  page_slow: "Steady",
  ticket_fast: "Slow",
  ticket_slow: "Slowest",
};

export const nameTier = (tier: string): string => names[tier] ?? tier;

type Burn = SloDetail["tiers"][number]["long"] | undefined;

/** "3.2 × over 1 h, 0 × over 5 min": how fast the budget burns in both windows, a range where something is unmeasured. */
export function sayTier({
  budgetPercent,
  longMs,
  shortMs,
  long,
  short,
  inhibitedBy,
}: {
  budgetPercent: number;
  longMs: number;
  shortMs: number;
  long?: Burn;
  short?: Burn;
  inhibitedBy?: string | null;
}): string {
  if (long === undefined) return `uses up ${budgetPercent}\u202f% of the budget before it fires`;
  const over = (burn: Burn, ms: number) => `${sayBounds(burn)} over ${formatDuration(ms)}`;
  const spoken = inhibitedBy == null ? "" : `; ${nameTier(inhibitedBy)} speaks for it`;
  return `${over(long, longMs)}, ${over(short, shortMs)}${spoken}`;
}

function sayBounds(burn: Burn): string {
  if (burn == null) return "nothing measured";
  const least = `${formatNumber(burn.least)}\u202f×`;
  return burn.most - burn.least < 0.005
    ? least
    : `${formatNumber(burn.least)} to ${formatNumber(burn.most)}\u202f×`;
}
