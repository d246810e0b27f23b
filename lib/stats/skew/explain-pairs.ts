/** Named transformations that turn what the offline store says into what was served, and the share of the differing pairs that
 *  each explains.
 *
 *  Definition. Of pairs with a value on both sides that differ. Constant: served is one value, offline at least three. Type:
 *  the same value as text, number or boolean. Case, spaces: equal without them. Time zone: the usual difference is a multiple of
 *  15 minutes up to a day, of epochs, ISO times or hours of the day. 32-bit: served is the offline value as a 32-bit float, or offline the served one.
 *  Rounding, truncation: to a number of decimal digits. Scale, offset: the ratio (difference) that most pairs share, found as
 *  the densest stretch of the sorted ratios and its median, within 1e-6 or, where that explains much more, 1 %. Re-label: every
 *  offline value has a usual served one, which it takes at least three times.
 *  Answers are sorted by share; of equal ones the more specific comes first, in the order above.
 *  Degenerate input: fewer than `pairsMin` pairs: no answer; a transformation that explains fewer than half: left out. */

import type { SkewValue } from "#lib/stats/skew/compare-values.ts";
import type { NumericTransformation } from "#lib/stats/skew/numeric-transformations.ts";
import { explainNumbers } from "#lib/stats/skew/numeric-transformations.ts";
import { timeZoneOf } from "#lib/stats/skew/time-zone-shift.ts";

export type ValuePair = { readonly offline: SkewValue; readonly served: SkewValue };

export type Transformation =
  | NumericTransformation
  | { readonly kind: "constant"; readonly value: string }
  | { readonly kind: "type"; readonly from: string; readonly to: string }
  | { readonly kind: "case" | "spaces" }
  | { readonly kind: "time_zone"; readonly minutes: number }
  | { readonly kind: "relabel"; readonly entries: readonly (readonly [string, string])[] };

export type Explained<T = Transformation> = {
  readonly transformation: T;
  readonly explained: number;
};

export type Explanation = {
  readonly transformation: Transformation;
  readonly explained: number;
  readonly pairs: number;
  readonly share: number;
};

const explainDefaults = { pairsMin: 10, shareMin: 0.5 } as const;

const hasBoth = ({ offline, served }: ValuePair): boolean =>
  offline !== null && offline !== undefined && served !== null && served !== undefined;

export const explainPairs = (all: readonly ValuePair[]): Explanation[] => {
  const pairs = all.filter(hasBoth);
  if (pairs.length < explainDefaults.pairsMin) return [];
  const numbers = pairs.flatMap(({ offline, served }) =>
    typeof offline === "number" && typeof served === "number" ? [{ offline, served }] : [],
  );
  const found: (Explained | null)[] = [
    constantOf(pairs),
    typeOf(pairs),
    textRuleOf(pairs, "case", (text) => text.toLowerCase()),
    textRuleOf(pairs, "spaces", (text) => text.replaceAll(/\s+/g, "")),
    timeZoneOf(pairs),
    ...explainNumbers(numbers),
    relabelOf(pairs),
  ];
  return found
    .filter((one) => one !== null)
    .map((one) => ({ ...one, pairs: pairs.length, share: one.explained / pairs.length }))
    .filter(({ share }) => share >= explainDefaults.shareMin)
    .sort((a, b) => b.share - a.share);
};

const distinctMin = 3;

const constantOf = (pairs: readonly ValuePair[]): Explained | null => {
  const counts = new Map<SkewValue, number>();
  for (const { served } of pairs) counts.set(served, (counts.get(served) ?? 0) + 1);
  const [top] = [...counts].sort((a, b) => b[1] - a[1]);
  if (top === undefined) return null;
  const turned = new Set(pairs.filter(({ served }) => served === top[0]).map((one) => one.offline));
  if (turned.size < distinctMin) return null;
  return { transformation: { kind: "constant", value: String(top[0]) }, explained: top[1] };
};

const numberOf = (value: SkewValue): number => {
  if (typeof value === "string") return value.trim() === "" ? Number.NaN : asNumber(value);
  return Number(value);
};

const booleans: Readonly<Record<string, number>> = { true: 1, false: 0 };
const asNumber = (text: string): number => booleans[text.trim().toLowerCase()] ?? Number(text);

const typeOf = (pairs: readonly ValuePair[]): Explained | null => {
  const counts = new Map<string, number>();
  for (const { offline, served } of pairs) {
    if (typeof offline === typeof served || numberOf(offline) !== numberOf(served)) continue;
    const change = `${typeof offline} ${typeof served}`;
    counts.set(change, (counts.get(change) ?? 0) + 1);
  }
  const [top] = [...counts].sort((a, b) => b[1] - a[1]);
  if (top === undefined) return null;
  const [from = "", to = ""] = top[0].split(" ");
  return { transformation: { kind: "type", from, to }, explained: top[1] };
};

const textRuleOf = (
  pairs: readonly ValuePair[],
  kind: "case" | "spaces",
  normalise: (text: string) => string,
): Explained => ({
  transformation: { kind },
  explained: pairs.filter(
    ({ offline, served }) =>
      typeof offline === "string" &&
      typeof served === "string" &&
      normalise(offline) === normalise(served),
  ).length,
});

const relabelRepeatsMin = 3;
const entriesMax = 20;

const relabelOf = (pairs: readonly ValuePair[]): Explained | null => {
  const byOffline = new Map<string, Map<string, number>>();
  for (const { offline, served } of pairs) {
    if (typeof offline === "number" || typeof served === "number") continue;
    const turned = byOffline.get(String(offline)) ?? new Map<string, number>();
    byOffline.set(String(offline), turned);
    turned.set(String(served), (turned.get(String(served)) ?? 0) + 1);
  }
  const usual = [...byOffline]
    .map(([from, turned]) => {
      const [to = "", count = 0] = [...turned].sort((a, b) => b[1] - a[1])[0] ?? [];
      return { from, to, count };
    })
    .filter(({ count }) => count >= relabelRepeatsMin)
    .sort((a, b) => b.count - a.count);
  if (usual.length === 0) return null;
  return {
    transformation: {
      kind: "relabel",
      entries: usual.slice(0, entriesMax).map(({ from, to }) => [from, to] as const),
    },
    explained: usual.reduce((sum, { count }) => sum + count, 0),
  };
};
