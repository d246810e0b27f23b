/** Transformations of numbers: as a 32-bit float, rounded, truncated, scaled, shifted. See explain-pairs for the rule. */

import { densestStretch } from "#lib/stats/skew/densest-stretch.ts";
import type { Explained } from "#lib/stats/skew/explain-pairs.ts";

export type NumericTransformation =
  | { readonly kind: "float32"; readonly side: "served" | "offline" }
  | { readonly kind: "rounding" | "truncation"; readonly digits: number }
  | { readonly kind: "scale"; readonly factor: number; readonly name: string | null }
  | { readonly kind: "offset"; readonly amount: number };

export type NumberPair = { readonly offline: number; readonly served: number };

const TIGHT = 1e-6;
const LOOSE = 0.01;
/** How much more of the pairs the loose tolerance must explain to be believed over the tight one. */
const LOOSE_GAIN = 0.05;
const distinctMin = 3;

/** What one unit is in the other. Served x factor: "from to". */
const knownFactors: readonly (readonly [number, string])[] = [
  [1.609344, "miles to kilometres"],
  [1 / 1.609344, "kilometres to miles"],
  [0.3048, "feet to metres"],
  [1 / 0.3048, "metres to feet"],
  [2.54, "inches to centimetres"],
  [1 / 2.54, "centimetres to inches"],
  [0.45359237, "pounds to kilograms"],
  [1 / 0.45359237, "kilograms to pounds"],
  [1.852, "nautical miles to kilometres"],
  [1 / 1.852, "kilometres to nautical miles"],
  [60, "minutes to seconds, or hours to minutes"],
  [1 / 60, "seconds to minutes, or minutes to hours"],
  [3600, "hours to seconds"],
  [1 / 3600, "seconds to hours"],
  [86_400, "days to seconds"],
  [1 / 86_400, "seconds to days"],
  [100, "to hundredths"],
  [0.01, "from hundredths"],
  [1000, "to thousandths"],
  [0.001, "from thousandths"],
  [1e6, "to millionths"],
  [1e-6, "from millionths"],
  [-1, "sign turned"],
];

export const explainNumbers = (
  pairs: readonly NumberPair[],
): Explained<NumericTransformation>[] => {
  const finite = pairs.filter(
    ({ offline, served }) => Number.isFinite(offline) && Number.isFinite(served),
  );
  if (new Set(finite.map(({ offline }) => offline)).size < distinctMin) return [];
  const found = [float32Of(finite), decimalOf(finite), scaleOf(finite), offsetOf(finite)];
  return found.filter((one) => one !== null);
};

const float32Of = (pairs: readonly NumberPair[]): Explained<NumericTransformation> => {
  const countWhere = (isCut: (pair: NumberPair) => boolean) => pairs.filter(isCut).length;
  const served = countWhere((pair) => Math.fround(pair.offline) === pair.served);
  const offline = countWhere((pair) => Math.fround(pair.served) === pair.offline);
  return offline > served
    ? { transformation: { kind: "float32", side: "offline" }, explained: offline }
    : { transformation: { kind: "float32", side: "served" }, explained: served };
};

const digitsRange = Array.from({ length: 16 }, (_, i) => i - 6);

const isMultiple = (value: number, digits: number): boolean => {
  if (digits >= 0) return Number(value.toFixed(digits)) === value;
  return value % 10 ** -digits === 0;
};

const decimalOf = (pairs: readonly NumberPair[]): Explained<NumericTransformation> | null => {
  let best: Explained<NumericTransformation> | null = null;
  for (const digits of digitsRange) {
    const unit = 10 ** -digits;
    const even = pairs.filter(({ served }) => isMultiple(served, digits));
    const rounded = even.filter(
      ({ offline, served }) => Math.abs(served - offline) <= (unit / 2) * (1 + 1e-9),
    );
    const cut = even.filter(({ offline, served }) => {
      const lost = (offline - served) * Math.sign(offline);
      return lost >= 0 && lost < unit;
    });
    const kind = rounded.length >= cut.length ? "rounding" : "truncation";
    const explained = Math.max(rounded.length, cut.length);
    if (explained > (best?.explained ?? 0)) best = { transformation: { kind, digits }, explained };
  }
  return best;
};

function withTolerances<T>(
  explain: (tolerance: number) => Explained<T> | null,
  pairCount: number,
): Explained<T> | null {
  const tight = explain(TIGHT);
  const loose = explain(LOOSE);
  const gain = (loose?.explained ?? 0) - (tight?.explained ?? 0);
  return gain > LOOSE_GAIN * pairCount ? loose : tight;
}

/** Whole numbers may be what was left of a finer result. */
const slackOf = (pairs: readonly NumberPair[], tolerance: number): number =>
  tolerance === LOOSE && pairs.every(({ served }) => Number.isInteger(served)) ? 0.5 : 0;

const scaleOf = (pairs: readonly NumberPair[]) =>
  withTolerances<NumericTransformation>((tolerance) => {
    const ratios = pairs.flatMap(({ offline, served }) =>
      offline === 0 || served === 0 ? [] : [served / offline],
    );
    const mode = densestStretch(ratios, (ratio) => tolerance * Math.abs(ratio));
    if (mode === null || Math.abs(mode.middle - 1) <= 2 * tolerance) return null;
    const slack = slackOf(pairs, tolerance);
    const explainedBy = (factor: number) =>
      pairs.filter(
        ({ offline, served }) =>
          Math.abs(served - factor * offline) <= tolerance * Math.abs(served) + slack,
      ).length;
    const explained = explainedBy(mode.middle);
    const known = knownFactors.find(
      ([factor]) =>
        Math.abs(factor - mode.middle) <= 2 * tolerance * Math.abs(factor) &&
        explainedBy(factor) >= 0.99 * explained,
    );
    if (known === undefined)
      return { transformation: { kind: "scale", factor: mode.middle, name: null }, explained };
    const [factor, name] = known;
    return { transformation: { kind: "scale", factor, name }, explained: explainedBy(factor) };
  }, pairs.length);

const offsetOf = (pairs: readonly NumberPair[]) =>
  withTolerances<NumericTransformation>((tolerance) => {
    const sizes = pairs.map(({ offline }) => Math.abs(offline)).sort((a, b) => a - b);
    const noise = 1e-9 * (sizes[sizes.length >> 1] ?? 0);
    const differences = pairs.map(({ offline, served }) => served - offline);
    const mode = densestStretch(differences, (d) => Math.max(tolerance * Math.abs(d), noise));
    if (mode === null || mode.middle === 0) return null;
    const allowed = Math.max(tolerance * Math.abs(mode.middle), noise);
    return {
      transformation: { kind: "offset", amount: mode.middle },
      explained: differences.filter((d) => Math.abs(d - mode.middle) <= allowed).length,
    };
  }, pairs.length);
