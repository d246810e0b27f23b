/** Constancy: is a feature that is one value all through a window stuck, or is it one value in such windows by nature?
 *
 *  The hour of the day is one value all hour, and a flag of the weekend all day, whatever the variety of a baseline. What tells them from
 *  a value that stuck is the feature's own past, window by window of the same length, each taken as *same* (one value, this one),
 *  *other* (one value, another) or *varied*.
 *  Rule. By nature, where it was some other value all through one earlier window, and at least a third of the earlier windows were
 *  one value; or where, before the windows that are one with this one, most of those whole weeks ago were one value.
 *  Else stuck, where it varied before, or has been this one value for a week: by then a weekday has shown its others.
 *  Degenerate input: nothing earlier, or less than a week of this value alone: too little history to tell. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const OLDEST_MS = 512 * DAY_MS;

/** From this share of its values on a feature counts as one value. */
export const CONSTANT_SHARE_MIN = 0.95;
/** A window with fewer values says nothing of variety. */
const VALUE_COUNT_MIN = 30;
const ONE_VALUE_SHARE_MIN = 1 / 3;

export type EarlierWindow = {
  /** From its start to the start of the window that is asked about. */
  readonly ageMs: number;
  readonly valueCount: number;
  /** The most frequent value and how many have it at least; null where none can be told. */
  readonly dominant: { readonly name: string; readonly least: number } | null;
};

export type Constancy =
  | { readonly kind: "stuck" }
  | { readonly kind: "by_nature" }
  | { readonly kind: "too_little_history"; readonly haveDays: number; readonly neededDays: number };

type Seen = { readonly ageMs: number; readonly kind: "same" | "other" | "varied" };

const seenOf = (name: string, { ageMs, valueCount, dominant }: EarlierWindow): Seen => {
  const isOne = dominant !== null && dominant.least >= CONSTANT_SHARE_MIN * valueCount;
  if (!isOne) return { ageMs, kind: "varied" };
  return { ageMs, kind: dominant.name === name ? "same" : "other" };
};

const isMostlyOne = (windows: readonly Seen[], shareMin: number): boolean =>
  windows.length > 0 &&
  windows.filter(({ kind }) => kind !== "varied").length >= shareMin * windows.length;

/** `lengthMs` is the window's; `earlier` are of the same length, in any order. */
export const judgeConstancy = (
  name: string,
  earlier: readonly EarlierWindow[],
  lengthMs: number,
): Constancy => {
  const seen = earlier
    .filter(({ valueCount }) => valueCount >= VALUE_COUNT_MIN)
    .map((window) => seenOf(name, window))
    .sort((a, b) => a.ageMs - b.ageMs);
  const hadOther = seen.some(({ kind }) => kind === "other");
  if (hadOther && isMostlyOne(seen, ONE_VALUE_SHARE_MIN)) return { kind: "by_nature" };
  const turned = seen.findIndex(({ kind }) => kind !== "same");
  if (turned >= 0) {
    const weekly = seen.slice(turned).filter(({ ageMs }) => ageMs % WEEK_MS === 0);
    return { kind: isMostlyOne(weekly, 0.5) ? "by_nature" : "stuck" };
  }
  const knownMs = lengthMs + (seen.at(-1)?.ageMs ?? 0);
  if (knownMs >= WEEK_MS) return { kind: "stuck" };
  return {
    kind: "too_little_history",
    haveDays: Math.floor(knownMs / DAY_MS),
    neededDays: WEEK_MS / DAY_MS,
  };
};

/** How far back to look, in ms, nearest first: every hour of the day before, the same time of each day of the week before and of the
 *  weeks before that, and else each step twice the last. So a flag of some hours, a weekday, a month and a quarter each meet another
 *  value within some fifty windows. */
export const earlierOffsets = (lengthMs: number): number[] => {
  const offsets = new Set<number>();
  for (let offset = lengthMs; offset <= OLDEST_MS; offset *= 2) offsets.add(offset);
  for (let hour = 1; hour <= 24; hour += 1) offsets.add(hour * HOUR_MS);
  for (let day = 1; day <= 7; day += 1) offsets.add(day * DAY_MS);
  for (let week = 1; week <= 6; week += 1) offsets.add(week * WEEK_MS);
  return [...offsets].filter((offset) => offset >= lengthMs).sort((a, b) => a - b);
};
