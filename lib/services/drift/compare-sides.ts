import type { FeatureDrift, StatisticValue } from "#lib/api/drift.ts";
import type { DriftMeasure } from "#lib/domain/health.ts";
import type { FeatureType, ProfileSubject } from "#lib/domain/model.ts";
import type { Category } from "#lib/stats/category-cells.ts";
import type { FeatureDrift as ComputedDrift } from "#lib/stats/drift.ts";
import {
  driftOfCategorical,
  driftOfNumeric,
  testsOfCategorical,
  testsOfNumeric,
} from "#lib/stats/drift.ts";
import type { DriftOptions } from "#lib/stats/drift-limits.ts";
import type { DriftValue } from "#lib/stats/drift-statistic.ts";
import type { DriftTest } from "#lib/stats/drift-test.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { NO_PROFILE } from "#lib/stats/feature-profile.ts";
import { missingCountOf } from "#lib/stats/profile-counts.ts";
import type { FeatureVerdict, JudgedTest } from "#lib/stats/verdict.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";
import { sayError } from "../job/say-error.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { decisiveTest, describeLack, describeVerdict } from "./describe-verdict.ts";
import type { ProfileSide } from "./profile-side.ts";
import { absentProfile } from "./profile-side.ts";
import { readAsType } from "./read-as-type.ts";

export interface Comparison extends SidePair {
  computed: ComputedDrift;
  verdict: FeatureVerdict;
  /** Why it could not be computed; empty where it was. */
  failure: string;
}

/** One key on both sides, each read as its type. */
export interface SidePair {
  subject: ProfileSubject;
  feature: string;
  type: FeatureType;
  reference: FeatureProfile;
  window: FeatureProfile;
}

/** What the two sides hold of every feature and the prediction. What only the window knows has nothing to be compared with. */
export function pairSides(
  reference: ProfileSide,
  window: ProfileSide,
  types: ReadonlyMap<string, FeatureType>,
): SidePair[] {
  const inReference = new Map(reference.keys.map((key) => [keyName(key), key]));
  const inWindow = new Map(window.keys.map((key) => [keyName(key), key]));
  return [...new Map([...inReference, ...inWindow]).values()].flatMap(
    ({ subject, feature, type: asType }) => {
      const name = keyName({ subject, feature });
      const there = inReference.get(name)?.profile;
      const here = inWindow.get(name)?.profile;
      // A prediction has one of several forms; a form that neither side uses is no key.
      if (subject !== "feature" && isEmpty(there) && isEmpty(here)) return [];
      const type = asType ?? typeOf(subject, feature, types, [there, here]);
      return [
        {
          subject,
          feature,
          type,
          reference: readAsType(there ?? NO_PROFILE, type),
          window: readAsType(here ?? absentIn(window, subject), type),
        },
      ];
    },
  );
}

/** Every feature and the prediction, judged as one family. */
export function compareSides(
  reference: ProfileSide,
  window: ProfileSide,
  types: ReadonlyMap<string, FeatureType>,
): Comparison[] {
  const pairs = pairSides(reference, window, types).map((pair) => ({
    ...pair,
    ...computeSafely(pair.type, pair.reference, pair.window),
  }));
  return judge(pairs, ({ computed }) => computed.tests);
}

export type JudgedPair = SidePair & Pick<Comparison, "verdict">;

/** The verdicts of that family without the statistics, which no verdict needs: several times faster. */
export function judgeSides(
  reference: ProfileSide,
  window: ProfileSide,
  types: ReadonlyMap<string, FeatureType>,
): JudgedPair[] {
  return judge(pairSides(reference, window, types), testSafely);
}

function judge<P extends SidePair>(
  pairs: readonly P[],
  testsOf: (pair: P) => readonly DriftTest[],
): (P & { verdict: FeatureVerdict })[] {
  const verdicts = verdictsOf(
    pairs.map((pair) => ({ feature: keyName(pair), tests: testsOf(pair) })),
  );
  return pairs.flatMap((pair, i) => {
    const verdict = verdicts[i];
    return verdict === undefined ? [] : [{ ...pair, verdict }];
  });
}

/** One of them with its statistics. */
export const completePair = (pair: JudgedPair): Comparison => ({
  ...pair,
  ...computeSafely(pair.type, pair.reference, pair.window),
});

/** A row that lacks a feature is a missing value; a label that has not come is none. */
const absentIn = ({ rowCount }: ProfileSide, subject: ProfileSubject) =>
  subject === "label" ? NO_PROFILE : absentProfile(rowCount);

/** One column that can't be computed leaves the others alone, and says so. */
function computeSafely(
  type: FeatureType,
  reference: FeatureProfile,
  window: FeatureProfile,
): Pick<Comparison, "computed" | "failure"> {
  try {
    return { computed: computeDrift(type, reference, window), failure: "" };
  } catch (error) {
    return { computed: computeDrift(type, NO_PROFILE, NO_PROFILE), failure: sayError(error) };
  }
}

function testSafely({ type, reference, window }: SidePair): readonly DriftTest[] {
  try {
    return testDrift(type, reference, window);
  } catch {
    return testDrift(type, NO_PROFILE, NO_PROFILE);
  }
}

/** What is asked of a pair, as `computeDrift` does. */
export const testDrift = (
  type: FeatureType,
  reference: FeatureProfile,
  window: FeatureProfile,
  options: DriftOptions = {},
): readonly DriftTest[] =>
  (type === "numeric" ? testsOfNumeric : testsOfCategorical)(reference, window, options);

function computeDrift(
  type: FeatureType,
  reference: FeatureProfile,
  window: FeatureProfile,
): ComputedDrift {
  return type === "numeric"
    ? driftOfNumeric(reference, window)
    : driftOfCategorical(reference, window);
}

/** What a page of all features shows of each; one feature alone has all that there are. */
export const listedMeasures: readonly DriftMeasure[] = [
  "psi",
  "jensen_shannon",
  "kolmogorov_smirnov",
  "wasserstein_normed",
  "hellinger",
];

export function toListedDrift(comparison: Comparison): FeatureDrift {
  const isListed = ({ statistic }: { statistic: DriftMeasure }) =>
    listedMeasures.includes(statistic);
  const drift = toFeatureDrift(comparison);
  return {
    ...drift,
    statistics: drift.statistics.filter(isListed),
    unavailable: drift.unavailable.filter(isListed),
  };
}

/** What was found in a window that is not counted yet: its figures stand, and no verdict is passed on them. */
export const withhold = (drift: FeatureDrift, reason: string | null): FeatureDrift =>
  reason === null ? drift : { ...drift, verdict: "cannot_say", reason };

export function toFeatureDrift(comparison: Comparison): FeatureDrift {
  const { subject, feature, type, reference, window, computed, verdict, failure } = comparison;
  const values = computed.statistics.flatMap((statistic) =>
    statistic.kind === "value" ? [toStatistic(statistic)] : [],
  );
  const adjusted = verdict.tests.flatMap((test) =>
    test.adjustedPValue === null ? [] : [test.adjustedPValue],
  );
  const isCategorical = computed.kind === "categorical";
  return {
    subject,
    feature,
    type,
    verdict: verdict.verdict.kind,
    reason: failure === "" ? describeVerdict(comparison) : `could not be computed: ${failure}`,
    decidedQuestion: decisiveTest(verdict.tests)?.name ?? "values",
    statistics: values,
    unavailable: computed.statistics.flatMap((statistic) =>
      statistic.kind === "value"
        ? []
        : [{ statistic: statistic.statistic, reason: describeLack(statistic) }],
    ),
    tests: verdict.tests.map(toTest),
    newCategories: isCategorical ? computed.newCategories.map(toCategory) : [],
    vanishedCategories: isCategorical ? computed.vanishedCategories.map(toCategory) : [],
    adjustedPValue: adjusted.length === 0 ? null : Math.min(...adjusted),
    referenceCount: reference.rowCount - missingCountOf(reference),
    windowCount: window.rowCount - missingCountOf(window),
    referenceMissingShare:
      reference.rowCount === 0 ? null : missingCountOf(reference) / reference.rowCount,
    windowMissingShare: window.rowCount === 0 ? null : missingCountOf(window) / window.rowCount,
    isExact: values.every((statistic) => statistic.isExact),
  };
}

export function toStatistic(one: DriftValue): StatisticValue {
  const { kind: _kind, sampleSizes: _sampleSizes, ...shown } = one;
  return { ...shown, bound: Math.max(0, one.upperBound - one.value) };
}

function toTest(test: JudgedTest): FeatureDrift["tests"][number] {
  const { name, outcome, adjustedPValue, decidedBy, sampleSizes, rate } = test;
  return {
    question: name,
    outcome,
    pValue: test.kind === "tested" ? test.pValue : null,
    adjustedPValue,
    evidence: test.kind === "tested" ? [...test.evidence] : [],
    decidedBy,
    referenceCount: sampleSizes.baseline,
    windowCount: sampleSizes.window,
    rate:
      rate === null
        ? null
        : {
            referenceCount: rate.baseline,
            windowCount: rate.window,
            referenceShare: rate.baseline / sampleSizes.baseline,
            windowShare: rate.window / sampleSizes.window,
            interval: rate.interval,
          },
  };
}

const toCategory = ({ name, baseline, window }: Category) => ({
  name,
  referenceCount: baseline,
  windowCount: window,
});

function isEmpty(profile: FeatureProfile | undefined): boolean {
  return profile === undefined || profile.rowCount === missingCountOf(profile);
}

/** A declared type holds; what was never declared is what most of its values are. */
export function typeOf(
  subject: ProfileSubject,
  feature: string,
  types: ReadonlyMap<string, FeatureType>,
  profiles: readonly (FeatureProfile | undefined)[],
): FeatureType {
  const declared = subject === "feature" ? types.get(feature) : undefined;
  if (declared !== undefined) return declared;
  if (subject === "prediction") return feature === "label" ? "categorical" : "numeric";
  const countOf = (key: "numericCount" | "stringCount" | "booleanCount") =>
    profiles.reduce((sum, profile) => sum + (profile?.[key] ?? 0), 0);
  if (countOf("numericCount") >= Math.max(countOf("stringCount"), countOf("booleanCount")))
    return "numeric";
  return countOf("booleanCount") > countOf("stringCount") ? "boolean" : "categorical";
}
