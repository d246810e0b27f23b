/** Categorical causes: which one simple fault, done to the baseline's categories, gives the window's?
 *
 *  Distance is total variation, half the sum of |p - q|, over the categories that both sides know by name. Undone are: a
 *  rule that writes names otherwise (case, spaces, an affix, a number's format, a cut), new names for old ones and swapped
 *  codes, matched by their shares, and one category that took rows from all others. Names that are only swapped could be a
 *  season, so their shares must match as those of a second sample would.
 *  Degenerate input: an empty side: none. */

import { categoryCellsOf } from "#lib/stats/category-cells.ts";
import type { Cause, CauseFault, RelabelRule } from "#lib/stats/causes/cause.ts";
import { noiseOf, sumOf } from "#lib/stats/cells.ts";
import { computeChiSquared } from "#lib/stats/chi-squared.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { testHomogeneity } from "#lib/stats/homogeneity.ts";

type Counts = ReadonlyMap<string, number>;

type Sides = {
  readonly reference: Counts;
  readonly window: Counts;
  readonly referenceCount: number;
  readonly windowCount: number;
};

const sidesOf = (reference: FeatureProfile, window: FeatureProfile): Sides => {
  const { categories } = categoryCellsOf(reference, window);
  const of = (side: "baseline" | "window") =>
    new Map(categories.filter((one) => one[side] > 0).map((one) => [one.name, one[side]]));
  const [before, after] = [of("baseline"), of("window")];
  return {
    reference: before,
    window: after,
    referenceCount: sumOf([...before.values()]),
    windowCount: sumOf([...after.values()]),
  };
};

const renameAll = (counts: Counts, rename: (name: string) => string): Counts => {
  const renamed = new Map<string, number>();
  for (const [name, count] of counts) {
    const to = rename(name);
    renamed.set(to, (renamed.get(to) ?? 0) + count);
  }
  return renamed;
};

const totalVariation = (a: Counts, b: Counts): number => {
  const [n, m] = [sumOf([...a.values()]), sumOf([...b.values()])];
  let sum = 0;
  for (const name of new Set([...a.keys(), ...b.keys()]))
    sum += Math.abs((a.get(name) ?? 0) / n - (b.get(name) ?? 0) / m);
  return sum / 2;
};

/** E of the total variation with no drift: sqrt(e / (2 pi)) times the sum of sqrt(p (1 - p)). */
const nullVariation = (a: Counts, b: Counts): number => {
  const [n, m] = [sumOf([...a.values()]), sumOf([...b.values()])];
  let sum = 0;
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const p = ((a.get(name) ?? 0) + (b.get(name) ?? 0)) / (n + m);
    sum += Math.sqrt(p * (1 - p));
  }
  return Math.sqrt(noiseOf(n, m) / (2 * Math.PI)) * sum;
};

const pValueOf = (a: Counts, b: Counts): number => {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  const cells = {
    baseline: names.map((name) => a.get(name) ?? 0),
    window: names.map((name) => b.get(name) ?? 0),
  };
  const isWhole = [...cells.baseline, ...cells.window].every(Number.isInteger);
  return (isWhole ? testHomogeneity(cells) : computeChiSquared(cells))?.pValue ?? 1;
};

type Candidate = {
  readonly fault: CauseFault;
  /** Both sides with the fault taken out of the comparison. */
  readonly compare: (sides: Sides) => readonly [Counts, Counts];
  readonly ratioMax: number;
  readonly isSeasonal: boolean;
  readonly rank: number;
};

const PAIRS_LISTED_MAX = 20;

const spellings: readonly { rule: RelabelRule; canonical: (name: string) => string }[] = [
  { rule: "letter_case", canonical: (name) => name.toLowerCase() },
  { rule: "spaces", canonical: (name) => name.trim().replace(/[\s_-]+/g, " ") },
  {
    rule: "number_format",
    canonical: (name) =>
      name.trim() === "" || !Number.isFinite(Number(name)) ? name : String(Number(name)),
  },
];

const letterCaseOf = (window: Counts): RelabelRule => {
  const names = [...window.keys()];
  if (names.every((name) => name === name.toLowerCase())) return "lower_case";
  if (names.every((name) => name === name.toUpperCase())) return "upper_case";
  return "letter_case";
};

/** The names that a rule changed, as pairs, the baseline's most frequent first. */
const pairsBy = ({ reference, window }: Sides, canonical: (name: string) => string) => {
  const byCanonical = new Map([...reference.keys()].map((name) => [canonical(name), name]));
  return [...window.keys()].flatMap((name): (readonly [string, string])[] => {
    const from = byCanonical.get(canonical(name));
    return from === undefined || from === name || reference.has(name) ? [] : [[from, name]];
  });
};

const relabelled = (
  rule: RelabelRule,
  pairs: readonly (readonly [string, string])[],
): CauseFault => ({
  kind: "relabelled",
  rule,
  pairs: pairs.slice(0, PAIRS_LISTED_MAX),
  pairCount: pairs.length,
});

const bySpelling = (sides: Sides): Candidate[] =>
  spellings.flatMap(({ rule, canonical }) => {
    const pairs = pairsBy(sides, canonical);
    if (pairs.length === 0) return [];
    return [
      {
        fault: relabelled(rule === "letter_case" ? letterCaseOf(sides.window) : rule, pairs),
        compare: (both) => [
          renameAll(both.reference, canonical),
          renameAll(both.window, canonical),
        ],
        ratioMax: 0.4,
        isSeasonal: false,
        rank: 0,
      },
    ];
  });

const AFFIX_NAMES_TRIED = 5;

/** What stands before or after a known name in a new one, or the other way round. */
const affixesOf = (longer: Counts, shorter: Counts): { prefix: string; suffix: string }[] => {
  const found = new Map<string, { prefix: string; suffix: string }>();
  const known = [...shorter.keys()].filter((name) => name !== "").slice(0, 200);
  for (const long of [...longer.keys()].slice(0, AFFIX_NAMES_TRIED))
    for (const short of known) {
      if (long.length <= short.length) continue;
      if (long.endsWith(short)) {
        const prefix = long.slice(0, long.length - short.length);
        found.set(`${prefix}|`, { prefix, suffix: "" });
      }
      if (long.startsWith(short)) {
        const suffix = long.slice(short.length);
        found.set(`|${suffix}`, { prefix: "", suffix });
      }
    }
  return [...found.values()];
};

const byAffix = (sides: Sides): Candidate[] => {
  const directions = [
    { isAdded: true, affixes: affixesOf(sides.window, sides.reference) },
    { isAdded: false, affixes: affixesOf(sides.reference, sides.window) },
  ];
  return directions.flatMap(({ isAdded, affixes }) =>
    affixes.flatMap(({ prefix, suffix }): Candidate[] => {
      const strip = (name: string) =>
        name.startsWith(prefix) && name.endsWith(suffix)
          ? name.slice(prefix.length, name.length - suffix.length)
          : name;
      const compare = (both: Sides): readonly [Counts, Counts] =>
        isAdded
          ? [both.reference, renameAll(both.window, strip)]
          : [renameAll(both.reference, strip), both.window];
      const pairs = pairsBy(sides, strip);
      if (pairs.length === 0) return [];
      return [
        {
          fault: relabelled(prefix === "" ? "suffix" : "prefix", pairs),
          compare,
          ratioMax: 0.4,
          isSeasonal: false,
          rank: 0,
        },
      ];
    }),
  );
};

const longestOf = (counts: Counts): number =>
  Math.max(0, ...[...counts.keys()].map((name) => name.length));

const byLength = ({ reference, window }: Sides): Candidate[] => {
  const length = longestOf(window);
  if (length === 0 || longestOf(reference) <= length) return [];
  return [
    {
      fault: { kind: "truncation", form: "length", length },
      compare: (both) => [renameAll(both.reference, (name) => name.slice(0, length)), both.window],
      ratioMax: 0.4,
      isSeasonal: false,
      rank: 0,
    },
  ];
};

const falling = (counts: Counts) => [...counts].sort((a, b) => b[1] - a[1]);

/** Of the larger names, each must have about the share of the one that it is said to be. */
const areSharesAlike = (
  pairs: readonly (readonly [string, string])[],
  sides: Sides,
  relativeMax: number,
): boolean =>
  pairs.every(([from, to]) => {
    const p = (sides.reference.get(from) ?? 0) / sides.referenceCount;
    const q = (sides.window.get(to) ?? 0) / sides.windowCount;
    const noise = Math.sqrt(((p + q) / 2) * noiseOf(sides.referenceCount, sides.windowCount));
    return Math.abs(p - q) <= relativeMax * Math.max(p, q) + 3 * noise;
  });

/** Rare names come and go by themselves; each of the others is matched with the vanished name of the closest share. */
const byNewNames = (sides: Sides): Candidate[] => {
  const gone = falling(sides.reference)
    .filter(([name]) => !sides.window.has(name))
    .map(([name, count]) => ({ name, share: count / sides.referenceCount }))
    .filter(({ share }) => share * sides.windowCount >= 5);
  const come = falling(sides.window)
    .filter(([name]) => !sides.reference.has(name))
    .map(([name, count]) => ({ name, share: count / sides.windowCount }))
    .filter(({ share }) => share * sides.referenceCount >= 5);
  const pairs: (readonly [string, string])[] = [];
  let freshShare = 0;
  let alikeShare = 0;
  for (const { name, share } of come) {
    freshShare += share;
    const closest = gone.reduce(
      (best, one, i) =>
        Math.abs(one.share - share) < Math.abs((gone[best]?.share ?? 2) - share) ? i : best,
      0,
    );
    const [match] = gone.splice(closest, 1);
    if (match === undefined) continue;
    pairs.push([match.name, name]);
    if (areSharesAlike([[match.name, name]], sides, 0.35)) alikeShare += share;
  }
  if (pairs.length === 0 || alikeShare < 0.7 * freshShare) return [];
  const rename = new Map(pairs);
  return [
    {
      fault: relabelled("renamed", pairs),
      compare: (both) => [
        renameAll(both.reference, (name) => rename.get(name) ?? name),
        both.window,
      ],
      ratioMax: 0.3,
      isSeasonal: false,
      rank: 1,
    },
  ];
};

const SWAPPED_MAX = 1000;

const bySwap = (sides: Sides): Candidate[] => {
  const noise = noiseOf(sides.referenceCount, sides.windowCount);
  const shares = [...new Set([...sides.reference.keys(), ...sides.window.keys()])].map((name) => ({
    name,
    p: (sides.reference.get(name) ?? 0) / sides.referenceCount,
    q: (sides.window.get(name) ?? 0) / sides.windowCount,
  }));
  const moved = shares.filter(({ p, q }) => {
    const pooled = (p + q) / 2;
    return (
      Math.abs(p - q) > 4 * Math.sqrt(pooled * (1 - pooled) * noise) &&
      Math.abs(p - q) > 0.25 * Math.max(p, q)
    );
  });
  if (moved.length < 2 || moved.length > SWAPPED_MAX) return [];
  const from = [...moved].sort((a, b) => b.p - a.p);
  const to = [...moved].sort((a, b) => b.q - a.q);
  const pairs = from.map(({ name }, i): readonly [string, string] => [name, to[i]?.name ?? name]);
  if (pairs.every(([a, b]) => a === b)) return [];
  const shareOf = (name: string) => (sides.reference.get(name) ?? 0) / sides.referenceCount;
  const alike = pairs.filter((pair) => areSharesAlike([pair], sides, 0.15));
  const massOf = (list: readonly (readonly [string, string])[]) =>
    sumOf(list.map(([name]) => shareOf(name)));
  if (massOf(alike) < 0.8 * massOf(pairs)) return [];
  const rename = new Map(pairs);
  return [
    {
      fault: relabelled(
        "swapped",
        pairs.filter(([a, b]) => a !== b),
      ),
      compare: (both) => [
        renameAll(both.reference, (name) => rename.get(name) ?? name),
        both.window,
      ],
      ratioMax: 0.1,
      isSeasonal: true,
      rank: 2,
    },
  ];
};

const FLOODS_TRIED = 3;
const FLOOD_SHARE_MIN = 0.01;

const shareIn = (counts: Counts, name: string): number =>
  (counts.get(name) ?? 0) / Math.max(1, sumOf([...counts.values()]));

const byFlood = (sides: Sides, history: readonly Counts[]): Candidate[] =>
  [...sides.window]
    .map(([value, count]) => {
      const share = count / sides.windowCount;
      const baselineShare = (sides.reference.get(value) ?? 0) / sides.referenceCount;
      return { value, share, baselineShare, mixed: (share - baselineShare) / (1 - baselineShare) };
    })
    .filter(({ mixed }) => mixed >= FLOOD_SHARE_MIN)
    .sort((a, b) => b.mixed - a.mixed)
    .slice(0, FLOODS_TRIED)
    .map(({ value, share, baselineShare, mixed }): Candidate => {
      const known = Math.max(baselineShare, ...history.map((counts) => shareIn(counts, value)));
      const isForeign = known < 0.002 && share >= 0.03;
      const isBurst = history.length > 0 && share > 2 * known + 0.1;
      return {
        fault: { kind: "default_flood", value, share, baselineShare },
        compare: (both) => [mixName(both.reference, value, mixed), both.window],
        ratioMax: isForeign || isBurst ? 0.8 : 0.2,
        isSeasonal: !(isForeign || isBurst),
        rank: 4,
      };
    });

const mixName = (counts: Counts, name: string, share: number): Counts => {
  const total = sumOf([...counts.values()]);
  const mixed = new Map([...counts].map(([other, count]) => [other, count * (1 - share)]));
  return mixed.set(name, (mixed.get(name) ?? 0) + total * share);
};

export type CategoricalEvidence = {
  readonly baseline: FeatureProfile;
  readonly window: FeatureProfile;
  /** What the fault is fitted to: the time just before, or the baseline. */
  readonly reference: FeatureProfile;
  /** Stretches as long as the window that led up to it; empty where they are not known. */
  readonly history: readonly FeatureProfile[];
};

/** How far the column moves by itself from one stretch to the next; null where that is not known. */
const naturalMoveOf = (history: readonly Counts[]): number | null =>
  history.length < HISTORY_MIN
    ? null
    : Math.max(...history.slice(1).map((later, i) => totalVariation(history[i] ?? later, later)));

const countsOf = ({ valueNames, valueCounts }: FeatureProfile): Counts =>
  new Map(valueNames.map((name, i) => [name, valueCounts[i] ?? 0]));

const P_MIN = 0.01;
const QUALITY_MIN = 0.1;
const NATURAL_TIMES = 2;
const HISTORY_MIN = 3;

/** The most plausible first; one of each kind, of those that fit about as well. */
export const categoricalCausesOf = (evidence: CategoricalEvidence): readonly Cause[] => {
  const sides = sidesOf(evidence.reference, evidence.window);
  const ofBaseline = sidesOf(evidence.baseline, evidence.window);
  if (sides.referenceCount === 0 || sides.windowCount === 0 || ofBaseline.referenceCount === 0)
    return [];
  const history = evidence.history.map(countsOf);
  const natural = naturalMoveOf(history);
  const before = totalVariation(sides.reference, sides.window);
  const toBaseline = totalVariation(ofBaseline.reference, ofBaseline.window);
  const fitted = [
    ...bySpelling(sides),
    ...byAffix(sides),
    ...byLength(sides),
    ...byNewNames(sides),
    ...bySwap(sides),
    ...byFlood(sides, history),
  ].map((one) => {
    const [a, b] = one.compare(sides);
    const after = totalVariation(a, b);
    const nullAfter = nullVariation(a, b);
    return { ...one, a, b, after, nullAfter, excess: Math.max(0, after - nullAfter) };
  });
  const scoreOf = (one: (typeof fitted)[number]) =>
    one.excess + one.rank * Math.max(one.nullAfter, (natural ?? 0) / 4);
  const plausible = fitted.filter((one) => {
    if (one.isSeasonal && !(natural !== null && before > NATURAL_TIMES * natural)) return false;
    return one.excess <= Math.max(one.ratioMax * before, Math.min(natural ?? 0, before / 2));
  });
  const best = new Map<string, (typeof plausible)[number]>();
  for (const one of plausible.sort((x, y) => x.excess - y.excess))
    if (!best.has(one.fault.kind)) best.set(one.fault.kind, one);
  const ranked = [...best.values()].sort((x, y) => scoreOf(x) - scoreOf(y));
  const first = ranked[0];
  return ranked
    .filter((one) => first !== undefined && one.excess <= first.excess + 3 * one.nullAfter)
    .map((one): Cause => {
      const pValue = pValueOf(one.a, one.b);
      return {
        fault: one.fault,
        aspect: "values",
        quality: 1 - totalVariation(...one.compare(ofBaseline)) / toBaseline,
        residual: {
          distance: one.after,
          nullExpectation: one.nullAfter,
          pValue,
          isWithinNoise: pValue >= P_MIN,
        },
      };
    })
    .filter(({ quality }) => quality >= QUALITY_MIN);
};
