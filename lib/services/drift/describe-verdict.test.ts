import { expect, test } from "vitest";
import { driftOfCategorical, driftOfNumeric } from "#lib/stats/drift.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";
import { describeVerdict } from "./describe-verdict.ts";

const repeat = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
const spread = (count: number, shift = 0): number[] =>
  Array.from({ length: count }, (_, i) => ((i * 7919) % 10_007) / 100 + shift);
const reasonOf = (
  drift: typeof driftOfNumeric | typeof driftOfCategorical,
  baseline: FeatureValue[],
  window: FeatureValue[],
): string => {
  const computed = drift(featureProfileOf(baseline), featureProfileOf(window));
  const [verdict] = verdictsOf([{ feature: "f", tests: computed.tests }]);
  return verdict === undefined ? "" : describeVerdict({ computed, verdict });
};
/** The quantiles of a logistic distribution, about bell-shaped. */
const bell = (count: number, shift = 0): number[] =>
  Array.from({ length: count }, (_, i) => {
    const share = (((i * 7919) % 200_003) + 0.5) / 200_003;
    return Math.log(share / (1 - share)) + shift;
  });
/** 220 values, the rarer half of which trade their places: PSI over 20 merged cells sees nothing of it. */
const manyValues = (isSwapped: boolean): string[] =>
  Array.from({ length: 220 }, (_, i) => i).flatMap((i) => {
    if (i < 20) return repeat(2000, `v${i}`);
    return repeat(i % 2 === Number(isSwapped) ? 40 : 10, `v${i}`);
  });

test.each([
  [
    "a shift names the Wasserstein distance, its noise and its floor",
    () => reasonOf(driftOfNumeric, bell(2000), bell(2000, 0.6)),
    /^Wasserstein distance 0\.328 standard deviations where noise gives 0\.0\d+ and up to 0\.05 is negligible$/,
  ],
  [
    "many rare categories name the Hellinger distance that decided, not a PSI that saw nothing",
    () => reasonOf(driftOfCategorical, manyValues(false), manyValues(true)),
    /^Hellinger distance 0\.1\d* where noise gives 0\.0\d+ and up to 0\.0177 is negligible$/,
  ],
  [
    "a rate says from where to where, and by what it was judged",
    () => reasonOf(driftOfNumeric, spread(2000), [...spread(1500), ...repeat(500, null)]),
    /^missing values went from 0 % to 25 % \(Hellinger distance 0\.366 where noise gives 0\.0\d+ and up to 0\.0177 is negligible\)$/,
  ],
  [
    "values beyond the reference's range",
    () => reasonOf(driftOfNumeric, spread(2000), [...spread(1990), ...repeat(30, 5000)]),
    /values outside the reference's range went from 0 % to 1\.49 % \(noise gives less than 0\.1 %, and up to 0\.5 % is negligible\)/,
  ],
  [
    "values that the reference lacks",
    () =>
      reasonOf(driftOfCategorical, repeat(2000, "a"), [...repeat(1990, "a"), ...repeat(60, "b")]),
    /values that the reference lacks are 2\.93 % where 0 % is usual/,
  ],
  [
    "noise is called so",
    () => reasonOf(driftOfNumeric, spread(2000), spread(1000)),
    /^within noise: Wasserstein distance/,
  ],
  [
    "what is real but small is called so",
    () => reasonOf(driftOfNumeric, bell(200_000), bell(200_000, 0.06)),
    /^real but negligible: Wasserstein distance 0\.0\d+ standard deviations/,
  ],
  [
    "too little says how much there is and is needed",
    () => reasonOf(driftOfNumeric, spread(2000), spread(38)),
    /^38 values in the window, 100 needed$/,
  ],
  [
    "a constant column is judged as categories",
    () => reasonOf(driftOfNumeric, repeat(2000, 7), [...repeat(1500, 7), ...repeat(500, 8)]),
    /^Hellinger distance 0\.366 where noise gives/,
  ],
] as const)("%s", (_name, reason, expected) => expect(reason()).toMatch(expected));
