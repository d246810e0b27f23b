/** Numeric causes: which one simple fault, done to the baseline's numbers, gives the window's numbers?
 *
 *  Every candidate predicts a distribution from the reference alone (distribution.ts): the stretch just before the window, or
 *  the baseline. It is plausible when it takes away nearly all of the mean gap between reference and window, what is left
 *  is small or no more than the column moves by itself, and, where both sides are made of repeated values, the window's
 *  values lie on those that it predicts. How much may be left depends on how rarely the world does the same: what is
 *  *seasonal* (an offset, a mild factor, more rows of a known value) is considered only where the window moved half as much
 *  again as any stretch before it; what is *rare* (a large factor) may leave more; and what the window's own values *show*
 *  (all on a coarse lattice, piled up at a cut, a value from outside of the column's range) may leave much.
 *  Of the plausible ones the closest comes first; within noise of each other, the one with fewer free parameters.
 *  Degenerate input: an empty side, or one value on both: none. */

import type { Cause, CauseFault } from "#lib/stats/causes/cause.ts";
import type { Distribution, Gaps, RoundingMode } from "#lib/stats/causes/distribution.ts";
import {
  clipPieces,
  distributionOf,
  gapsBetween,
  mapPieces,
  mixAtom,
  overlapAt,
  roundPieces,
  shareOnAtomsOf,
  sketchOf,
  turnPieces,
} from "#lib/stats/causes/distribution.ts";
import { UNIT_CHANGES } from "#lib/stats/causes/unit-changes.ts";
import { noiseOf } from "#lib/stats/cells.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { quantilesOfHistogram } from "#lib/stats/histogram-quantiles.ts";
import { ksNullExpectation, ksPValueAsymptotic } from "#lib/stats/kolmogorov-smirnov.ts";
import { isExactHistogram, totalCountOf } from "#lib/stats/numeric-histogram.ts";

type Side = {
  readonly profile: FeatureProfile;
  readonly pieces: Distribution;
  readonly count: number;
  readonly isExact: boolean;
  /** The share of new rows that would repeat a value seen here (Good and Turing); 0 where bins hold several values. */
  readonly coverage: number;
};

type Proposal = {
  readonly fault: CauseFault;
  /** The fault done to any distribution, and taken back where it can be. */
  readonly refit: (pieces: Distribution) => Distribution;
  readonly undo: ((pieces: Distribution) => Distribution) | null;
  /** The window's values must be values that the fault makes of the reference's. */
  readonly isOnAtoms: boolean;
  /** Whether the world does the same by itself, as seasons and markets do; or never, where the window's own values show it. */
  readonly nature: "seasonal" | "rare" | "shown";
  readonly ratioMax: number;
  readonly distanceMax: number;
  /** Free parameters, and how often the world does the same by itself: the lower comes first where two fit alike. */
  readonly rank: number;
  /** Looked at exactly, whatever a sketch says. */
  readonly isSure?: boolean;
  /** Compared with the fault undone: round a clock a gap at midnight would count as a day. */
  readonly isCyclic?: boolean;
};

type Candidate = Proposal & {
  readonly undone: Distribution | null;
};

/** E of the integral of |B| for a Brownian bridge is sqrt(2 pi) / 8. */
const MEAN_GAP_NULL = Math.sqrt(2 * Math.PI) / 8;
const KS_CRITICAL_95 = 1.3581;
/** A Kolmogorov-Smirnov distance that is nothing to talk about: what a shift by 0.05 standard deviations is. */
const NEGLIGIBLE = 0.0199;
const P_MIN = 0.01;
const QUALITY_MIN = 0.1;

const sideOf = (profile: FeatureProfile): Side => {
  const isExact = isExactHistogram(profile);
  const count = totalCountOf(profile);
  const onceCount = profile.counts.filter((one) => one === 1).length;
  return {
    profile,
    pieces: distributionOf(profile),
    count,
    isExact,
    coverage: isExact && count > 0 ? 1 - onceCount / count : 0,
  };
};

type Tightness = { readonly ratioMax: number; readonly distanceMax: number };

/** How tightly it must fit. */
const STRICT = { ratioMax: 0.1, distanceMax: 1.5 * NEGLIGIBLE };
const USUAL = { ratioMax: 0.25, distanceMax: 3 * NEGLIGIBLE };
const LOOSE = { ratioMax: 0.35, distanceMax: 0.2 };
const SHOWN = { ratioMax: 0.9, distanceMax: 0.4 };

const unitChanges = (): Proposal[] =>
  UNIT_CHANGES.map(({ factor, offset, name }) => {
    const isMild = factor > 1 / 5 && factor < 5;
    const isHuge = factor >= 30 || factor <= 1 / 30;
    const tightness = isHuge ? LOOSE : USUAL;
    return {
      fault: { kind: "unit_change", factor, offset, name },
      refit: (pieces: Distribution) => mapPieces(pieces, (x) => factor * x + offset),
      undo: (pieces: Distribution) => mapPieces(pieces, (x) => (x - offset) / factor),
      isOnAtoms: true,
      nature: isMild ? ("seasonal" as const) : ("rare" as const),
      ...(isMild ? STRICT : tightness),
      rank: 1,
    };
  });

const signFlip = (reference: Side, window: Side): Proposal[] => {
  const flip = (pieces: Distribution) => mapPieces(pieces, (x) => 0 - x);
  const [low, high] = [reference.profile.minimum ?? 0, reference.profile.maximum ?? 0];
  const isOneSided = low >= 0 || high <= 0;
  const mirrored = shareWhere(window.pieces, ({ left, right }) => {
    const x = 0 - (left + right) / 2;
    return x >= low && x <= high && x !== 0;
  });
  // All on the other side of zero, and as far from it as before.
  const isShown = isOneSided && mirrored > 0.9;
  return [
    {
      fault: { kind: "sign_flip" },
      refit: flip,
      undo: flip,
      isOnAtoms: true,
      nature: isShown ? "shown" : "rare",
      ...USUAL,
      rank: isShown ? -2 : 1,
    },
  ];
};

const SHARES = Array.from({ length: 39 }, (_, i) => (i + 1) / 40);

const offsetsWorthTrying = (reference: Side, window: Side): number[] => {
  const of = ({ profile }: Side) => quantilesOfHistogram(profile, profile.minimum, SHARES) ?? [];
  const [from, to] = [of(reference), of(window)];
  const byQuantile = from.map((x, i) => (to[i] ?? 0) - x);
  const byMean = window.profile.mean - reference.profile.mean;
  return [...new Set([...byQuantile, byMean])].filter((x) => x !== 0 && Number.isFinite(x));
};

const HEAVIEST = 12;

const heaviestOf = ({ pieces }: Side): readonly number[] =>
  [...pieces]
    .sort((a, b) => b.mass - a.mass)
    .slice(0, HEAVIEST)
    .map(({ left }) => left);

/** Where values repeat, the offset that lays the most of them upon each other. */
const offsetsThatAlign = (reference: Side, window: Side): number[] => {
  if (!reference.isExact || !window.isExact) return [];
  const heaviest = heaviestOf(reference);
  const tried = heaviestOf(window).flatMap((to) => heaviest.map((from) => to - from));
  const distinct = [...new Map(tried.map((x) => [digits(x), x])).values()];
  return distinct
    .map((offset) => ({ offset, overlap: overlapAt(reference.pieces, window.pieces, offset) }))
    .sort((a, b) => b.overlap - a.overlap)
    .slice(0, 3)
    .map(({ offset }) => offset)
    .filter((offset) => offset !== 0);
};

const digits = (x: number): number => Number(x.toPrecision(10)) + 0;

const offsets = (reference: Side, window: Side): Proposal[] => {
  const aligned = offsetsThatAlign(reference, window);
  return [...offsetsWorthTrying(reference, window), ...aligned].map((offset) => ({
    fault: { kind: "offset" as const, offset: digits(offset) },
    refit: (pieces: Distribution) => mapPieces(pieces, (x) => x + offset),
    undo: (pieces: Distribution) => mapPieces(pieces, (x) => x - offset),
    isOnAtoms: true,
    nature: "seasonal" as const,
    ...STRICT,
    rank: 3,
    isSure: aligned.includes(offset),
  }));
};

const SENTINELS = [0, -1, 999, -999, 9999, -9999, 99_999, -99_999, 999_999, 9_999_999];

const atomsOf = ({ pieces, profile }: Side): readonly { value: number; share: number }[] =>
  pieces.map(({ left, right, mass }) => {
    if (left === right) return { value: left, share: mass };
    const known = SENTINELS.find((one) => left <= one && one < right);
    const isLast = right === profile.maximum;
    return { value: known ?? (isLast ? right : roundestIn(left, right)), share: mass };
  });

/** The number with the fewest digits between two. */
const roundestIn = (left: number, right: number): number => {
  if (left <= 0 && right >= 0) return 0;
  for (let digits = 1; digits <= 17; digits += 1) {
    for (const end of [left, right]) {
      const rounded = Number(end.toPrecision(digits));
      if (rounded >= left && rounded < right) return rounded;
    }
  }
  return left;
};

const shareWhere = (
  pieces: Distribution,
  keep: (piece: { left: number; right: number }) => boolean,
) => pieces.reduce((sum, piece) => (keep(piece) ? sum + piece.mass : sum), 0);

const clips = (reference: Side, window: Side): Proposal[] => {
  const { minimum, maximum } = window.profile;
  if (minimum === null || maximum === null) return [];
  const ends = [
    {
      form: "ceiling" as const,
      at: maximum,
      atShare: shareWhere(window.pieces, ({ right }) => right >= maximum),
    },
    {
      form: "floor" as const,
      at: minimum,
      atShare: shareWhere(window.pieces, ({ left }) => left <= minimum),
    },
  ];
  return ends.flatMap(({ form, at, atShare }) => {
    const beyond =
      form === "ceiling"
        ? shareWhere(reference.pieces, ({ left }) => left > at)
        : shareWhere(reference.pieces, ({ right }) => right < at);
    // A tail that was cut off stands at the cut.
    if (beyond * reference.count < 5 || atShare < 0.03 || atShare < beyond / 3) return [];
    const [floor, ceiling] =
      form === "ceiling" ? [Number.NEGATIVE_INFINITY, at] : [at, Number.POSITIVE_INFINITY];
    return [
      {
        fault: { kind: "truncation", form, at, share: beyond },
        refit: (pieces: Distribution) => clipPieces(pieces, floor, ceiling),
        undo: null,
        isOnAtoms: false,
        nature: "shown" as const,
        ...USUAL,
        rank: 2,
      },
    ];
  });
};

const STEPS = [1e-4, 1e-3, 0.01, 0.1, 0.25, 0.5, 1, 5, 10, 25, 50, 100, 500, 1000, 10_000];
const MODES: readonly RoundingMode[] = ["nearest", "down", "up", "toward_zero"];

/** A spread piece counts when a multiple is in it: what cannot be told is held to be on multiples already. */
const shareOnMultiples = (pieces: Distribution, step: number): number =>
  shareWhere(pieces, ({ left, right }) => {
    const steps = left / step;
    const nearest = Math.round(steps);
    if (Math.abs(steps - nearest) <= 1e-9 * Math.max(1, Math.abs(steps))) return true;
    return Math.ceil(steps) * step < right;
  });

const roundings = (reference: Side, window: Side): Proposal[] => {
  if (!window.isExact) return [];
  const steps = STEPS.filter(
    (step) =>
      shareOnMultiples(window.pieces, step) > 0.999 &&
      shareOnMultiples(reference.pieces, step) < 0.6,
  );
  // Multiples of 100 are multiples of 10 too.
  return steps.slice(-1).flatMap((step) =>
    MODES.map((mode) => ({
      fault: { kind: "truncation", form: "rounding", step, mode },
      refit: (pieces: Distribution) => roundPieces(pieces, step, mode),
      undo: null,
      isOnAtoms: false,
      nature: "shown" as const,
      ...LOOSE,
      rank: -2,
    })),
  );
};

const FLOODS_TRIED = 5;
const FLOOD_SHARE_MIN = 0.01;

const shareOfValue = ({ pieces }: Side, value: number): number =>
  shareWhere(pieces, ({ left, right }) => left === value || (left <= value && value < right));

const largestShareOf = ({ pieces }: Side): number => Math.max(0, ...pieces.map(({ mass }) => mass));

const isWithinRange = ({ profile }: Side, value: number): boolean =>
  value >= (profile.minimum ?? value) && value <= (profile.maximum ?? value);

/** Nothing lies beyond the value where a flood would have left rows: that is a cut, not a flood. */
const isCutAt = (value: number, mixed: number, reference: Side, window: Side): boolean => {
  const { minimum, maximum } = window.profile;
  const above = shareWhere(reference.pieces, ({ left }) => left > value);
  const below = shareWhere(reference.pieces, ({ right }) => right < value);
  const rest = (1 - mixed) * window.count;
  return (value === maximum && above * rest > 10) || (value === minimum && below * rest > 10);
};

const floods = (reference: Side, window: Side, history: readonly Side[]): Proposal[] => {
  const grown = atomsOf(window)
    .map(({ value, share }) => ({ value, share, baselineShare: shareOfValue(reference, value) }))
    .map((one) => ({ ...one, mixed: (one.share - one.baselineShare) / (1 - one.baselineShare) }))
    .filter(({ mixed }) => mixed >= FLOOD_SHARE_MIN)
    .sort((a, b) => b.mixed - a.mixed)
    .slice(0, FLOODS_TRIED)
    .filter(({ value, mixed }) => !isCutAt(value, mixed, reference, window));
  return grown.map(({ value, share, baselineShare, mixed }) => {
    const sides = [reference, ...history];
    const known = Math.max(...sides.map((side) => shareOfValue(side, value)));
    const isOutside = sides.every((side) => !isWithinRange(side, value));
    const isForeign =
      known < 0.002 &&
      share >= 0.02 &&
      (isOutside || share > 1.5 * Math.max(...sides.map(largestShareOf)));
    const isBurst = history.length > 0 && share > 2 * known + 0.1;
    return {
      fault: { kind: "default_flood", value, share, baselineShare },
      refit: (pieces: Distribution) => mixAtom(pieces, value, mixed),
      undo: null,
      isOnAtoms: false,
      nature: isForeign || isBurst ? "shown" : "seasonal",
      ...USUAL,
      rank: 2,
    };
  });
};

/** How many of its unit a day has, if the column can be a time of the day. */
const dayLengthOf = ({ profile, isExact }: Side): number | null => {
  const { minimum, maximum } = profile;
  if (minimum === null || maximum === null || minimum < 0) return null;
  for (const day of [24, 1440, 86_400]) {
    if (maximum >= day || maximum < 0.8 * day) continue;
    // Hours are few; a column of small numbers is none for having the same range.
    if (day === 24 && isExact && profile.edges.length < 12) return null;
    return day;
  }
  return null;
};

const timeZoneShifts = (reference: Side, window: Side): Proposal[] => {
  const day = dayLengthOf(reference);
  const maximum = window.profile.maximum;
  if (day === null || maximum === null || maximum >= day || (window.profile.minimum ?? -1) < 0)
    return [];
  const isWholeHours = day === 24 && [...reference.profile.edges].every(Number.isInteger);
  const halfHours = Array.from({ length: 47 }, (_, i) => i - 23).filter(
    (half) => half !== 0 && (!isWholeHours || half % 2 === 0),
  );
  return halfHours.map((half) => {
    const by = (half * day) / 48;
    return {
      fault: { kind: "time_zone_shift", hours: half / 2 },
      refit: (pieces: Distribution) => turnPieces(pieces, by, day),
      undo: (pieces: Distribution) => turnPieces(pieces, -by, day),
      isOnAtoms: false,
      nature: "rare" as const,
      ...USUAL,
      rank: 1.5,
      isCyclic: true,
    };
  });
};

type Fitted = Candidate & { readonly gaps: Gaps };

type NaturalMove = Pick<Gaps, "meanGap" | "largestGap">;

/** A move that is no larger than half as much again as what the column does by itself needs no fault. */
const NATURAL_TIMES = 1.5;
const HISTORY_MIN = 3;

/** How far the column moves by itself from one stretch to the next; null where that is not known. */
const naturalMoveOf = (history: readonly Side[]): NaturalMove | null => {
  if (history.length < HISTORY_MIN) return null;
  let natural: NaturalMove = { meanGap: 0, largestGap: 0 };
  history.slice(1).forEach((later, i) => {
    const gaps = gapsBetween(history[i]?.pieces ?? [], later.pieces);
    natural = {
      meanGap: Math.max(natural.meanGap, gaps?.meanGap ?? 0),
      largestGap: Math.max(natural.largestGap, gaps?.largestGap ?? 0),
    };
  });
  return natural;
};

export type NumericEvidence = {
  readonly baseline: FeatureProfile;
  readonly window: FeatureProfile;
  /** What the fault is fitted to: the time just before, or the baseline. */
  readonly reference: FeatureProfile;
  /** Stretches as long as the window that led up to it; empty where they are not known. */
  readonly history: readonly FeatureProfile[];
};

type Setting = {
  readonly reference: Side;
  /** Every value that was seen before the window. */
  readonly seen: Distribution;
  readonly overlap: number;
  readonly window: Side;
  readonly move: Gaps;
  readonly nullGap: number;
  readonly natural: NaturalMove | null;
};

const isBeyondNatural = ({ move, natural }: Setting): boolean =>
  natural !== null &&
  (move.meanGap > NATURAL_TIMES * natural.meanGap ||
    move.largestGap > NATURAL_TIMES * natural.largestGap);

/** The window's values are those that the fault makes: true, false, or null where values do not repeat. */
const isOnAtomsOf = (
  known: Distribution,
  { reference, window, overlap }: Setting,
): boolean | null => {
  if (!window.isExact || reference.coverage < 0.5) return null;
  const atoms = known.map(({ left }) => left).sort((a, b) => a - b);
  return shareOnAtomsOf(window.pieces, atoms) >= 0.85 * overlap;
};

/** The share of a stretch's values that were seen before it: what may be asked of the window's. */
const overlapOf = (reference: Side, history: readonly Side[], baseline: Side): number =>
  history.slice(1).reduce((least, later, i) => {
    const before = [...(history[i]?.pieces ?? []), ...baseline.pieces].map(({ left }) => left);
    return Math.min(
      least,
      shareOnAtomsOf(
        later.pieces,
        before.sort((a, b) => a - b),
      ),
    );
  }, reference.coverage);

/** Far outside of where the column ever was: no season does that. */
const isFar = ({ reference, move }: Setting): boolean => {
  const { profile } = reference;
  const [low = 0, high = 0] = quantilesOfHistogram(profile, profile.minimum, [0.05, 0.95]) ?? [];
  return move.wasserstein > 3 * (high - low);
};

const tightnessOf = (
  fitted: Fitted,
  onAtoms: boolean | null,
  setting: Setting,
): Tightness | null => {
  if (fitted.nature === "shown") return SHOWN;
  // Values that only the fault can have made show it too; an offset keeps a lattice, so its values show nothing.
  const isShown =
    onAtoms === true &&
    fitted.fault.kind !== "offset" &&
    isOnAtomsOf(setting.seen, setting) === false;
  if (isShown || isFar(setting)) return LOOSE;
  if (fitted.nature === "seasonal" && !isBeyondNatural(setting)) return null;
  return fitted;
};

const isPlausible = (fitted: Fitted, setting: Setting): boolean => {
  const { gaps } = fitted;
  const { reference, window, move, natural } = setting;
  const onAtoms = fitted.isOnAtoms ? isOnAtomsOf(fitted.refit(setting.seen), setting) : null;
  if (onAtoms === false) return false;
  const tightness = tightnessOf(fitted, onAtoms, setting);
  if (tightness === null) return false;
  if (fitted.nature === "shown" && gaps.wasserstein <= 0.1 * move.wasserstein) return true;
  const excess = Math.max(0, gaps.meanGap - setting.nullGap);
  const allowed = Math.min(natural?.meanGap ?? 0, move.meanGap / 2);
  if (excess > Math.max(tightness.ratioMax * move.meanGap, allowed)) return false;
  const noise = KS_CRITICAL_95 * Math.sqrt(noiseOf(reference.count, window.count));
  return gaps.largestGap <= Math.max(tightness.distanceMax + noise, natural?.largestGap ?? 0);
};

const pValueOf = ({ largestGap }: Gaps, reference: Side, window: Side): number =>
  ksPValueAsymptotic(Math.min(1, largestGap), reference.count, window.count);

/** The most plausible first; one of each form, of those that fit about as well. */
export const numericCausesOf = (evidence: NumericEvidence): readonly Cause[] => {
  const baseline = sideOf(evidence.baseline);
  const window = sideOf(evidence.window);
  const reference =
    evidence.reference === evidence.baseline ? baseline : sideOf(evidence.reference);
  const move = gapsBetween(reference.pieces, window.pieces);
  const toBaseline = gapsBetween(baseline.pieces, window.pieces);
  if (move === null || toBaseline === null) return [];
  if (move.wasserstein === 0 || toBaseline.wasserstein === 0) return [];
  const nullGap = MEAN_GAP_NULL * Math.sqrt(noiseOf(reference.count, window.count));
  const history = evidence.history.map(sideOf);
  const natural = naturalMoveOf(history);
  const seen = reference === baseline ? baseline.pieces : [...reference.pieces, ...baseline.pieces];
  const overlap = overlapOf(reference, history, baseline);
  const setting = { reference, seen, overlap, window, move, nullGap, natural };
  const plausible = likeliestOf(candidatesOf(reference, window, history), reference, window)
    .flatMap((one): Fitted[] => {
      const gaps = gapsOf(one, reference.pieces, window.pieces);
      return gaps === null ? [] : [{ ...one, gaps }];
    })
    .filter((one) => isPlausible(one, setting));
  const tie = Math.max(nullGap, (natural?.meanGap ?? 0) / 4);
  const score = ({ gaps, rank }: Fitted) => Math.max(gaps.meanGap, nullGap) + rank * tie;
  const ranked = bestOfEachKind(plausible).sort((a, b) => score(a) - score(b));
  const first = ranked[0];
  return ranked
    .filter((one) => first !== undefined && one.gaps.meanGap <= first.gaps.meanGap + 3 * tie)
    .map((one) => toCause(one, baseline, window, reference, toBaseline))
    .filter(({ quality }) => quality >= QUALITY_MIN);
};

const candidatesOf = (
  reference: Side,
  window: Side,
  history: readonly Side[],
): readonly Proposal[] => [
  ...unitChanges(),
  ...signFlip(reference, window),
  ...timeZoneShifts(reference, window),
  ...clips(reference, window),
  // Rounded values pile up on a few numbers; each pile alone would look like a default value.
  ...(roundings(reference, window).length > 0
    ? roundings(reference, window)
    : floods(reference, window, history)),
  ...offsets(reference, window),
];

const LIKELIEST_PER_KIND = 4;

const gapsOf = (one: Proposal, reference: Distribution, window: Distribution): Gaps | null =>
  one.isCyclic === true && one.undo !== null
    ? gapsBetween(reference, one.undo(window))
    : gapsBetween(one.refit(reference), window);

/** A kind has up to fifty parameters; a sketch of both sides leaves the few that are worth an exact look. */
const likeliestOf = (
  proposals: readonly Proposal[],
  reference: Side,
  window: Side,
): readonly Candidate[] => {
  const target = sketchOf(window.pieces);
  const sketch = sketchOf(reference.pieces);
  const byKind = Map.groupBy(proposals, ({ fault }) => formOf(fault));
  return [...byKind.values()].flatMap((ofKind) => {
    const scored =
      ofKind.length <= LIKELIEST_PER_KIND
        ? ofKind.map((one) => ({ one, gap: 0 }))
        : ofKind.map((one) => ({ one, gap: gapsOf(one, sketch, target)?.meanGap ?? 1 }));
    return scored
      .sort((a, b) => a.gap - b.gap)
      .filter(({ one }, i) => i < LIKELIEST_PER_KIND || one.isSure === true)
      .map(({ one }) => ({
        ...one,
        undone: one.undo === null ? null : one.undo(window.pieces),
      }));
  });
};

const formOf = (fault: CauseFault): string =>
  fault.kind === "truncation" ? `${fault.kind} ${fault.form}` : fault.kind;

const bestOfEachKind = (fitted: readonly Fitted[]): Fitted[] => {
  const best = new Map<string, Fitted>();
  for (const one of fitted) {
    const known = best.get(formOf(one.fault));
    if (known === undefined || one.gaps.meanGap < known.gaps.meanGap)
      best.set(formOf(one.fault), one);
  }
  return [...best.values()];
};

const toCause = (
  fitted: Fitted,
  baseline: Side,
  window: Side,
  reference: Side,
  toBaseline: Gaps,
): Cause => {
  const undone =
    fitted.undone === null
      ? gapsBetween(fitted.refit(baseline.pieces), window.pieces)
      : gapsBetween(baseline.pieces, fitted.undone);
  const pValue = pValueOf(fitted.gaps, reference, window);
  return {
    fault: fitted.fault,
    aspect: "values",
    quality: 1 - (undone?.wasserstein ?? toBaseline.wasserstein) / toBaseline.wasserstein,
    residual: {
      distance: fitted.gaps.largestGap,
      nullExpectation: ksNullExpectation(reference.count, window.count),
      pValue,
      isWithinNoise: pValue >= P_MIN,
    },
  };
};
