import type { FeatureType, ProfileSubject } from "#lib/domain/model.ts";
import type { DeclaredExpectation } from "#lib/domain/quality.ts";
import { mergeCategoricalProfiles } from "#lib/stats/categorical-profile.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { missingCountOf } from "#lib/stats/profile-counts.ts";
import type { AskedFeature } from "#lib/stats/quality/feature-quality.ts";
import { askFeature } from "#lib/stats/quality/feature-quality.ts";
import type { ValueKind } from "#lib/stats/quality/quality-counts.ts";
import type { FeatureQuality } from "#lib/stats/quality/quality-verdict.ts";
import { judgeQuality } from "#lib/stats/quality/quality-verdict.ts";
import { typeOf } from "../drift/compare-sides.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { absentProfile } from "../drift/profile-side.ts";
import { readAsType } from "../drift/read-as-type.ts";
import { sayError } from "../job/say-error.ts";
import { keyName } from "../profile/sum-profiles.ts";

export interface QualityKey {
  subject: ProfileSubject;
  feature: string;
  type: FeatureType;
  /** Values are compared by name. */
  hasNames: boolean;
  baseline: FeatureProfile | null;
  window: FeatureProfile;
  /** The reference has it, and the window not one value of it. */
  isVanished: boolean;
  /** The reference has it, and nobody ever sent it: no fault of this window, and nothing to compare. */
  isNeverSent: boolean;
  asked: AskedFeature;
  quality: FeatureQuality;
}

/** One feature whose evaluation went wrong; the others are answered. */
export interface FailedKey {
  subject: ProfileSubject;
  feature: string;
  type: FeatureType;
  error: string;
}

export interface QualityAnswer {
  keys: readonly QualityKey[];
  failed: readonly FailedKey[];
}

const naturalKind: Record<FeatureType, ValueKind | null> = {
  numeric: "number",
  boolean: "boolean",
  categorical: null,
  text: null,
};

const hasValues = (profile: FeatureProfile | undefined) =>
  profile !== undefined && profile.rowCount > missingCountOf(profile);

export interface QualityQuestion {
  reference: ProfileSide | null;
  window: ProfileSide;
  types: ReadonlyMap<string, FeatureType>;
  declared: ReadonlyMap<string, DeclaredExpectation>;
  /** Features that were sent at some time; left out: all of them. */
  everSent?: ReadonlyMap<string, unknown>;
}

/** Every feature and the prediction, asked on their own and judged as one family. */
export function askKeys(question: QualityQuestion): QualityAnswer {
  const { reference, window, types, declared } = question;
  const inReference = new Map((reference?.keys ?? []).map((key) => [keyName(key), key]));
  const inWindow = new Map(window.keys.map((key) => [keyName(key), key]));
  const failed: FailedKey[] = [];
  const asked = [...new Map([...inReference, ...inWindow]).values()].flatMap(
    ({ subject, feature }) => {
      const name = keyName({ subject, feature });
      const there = inReference.get(name)?.profile;
      const here = inWindow.get(name)?.profile;
      // A prediction has one of several forms; a form that neither side uses is no key.
      if (subject === "prediction" && !hasValues(there) && !hasValues(here)) return [];
      const type = typeOf(subject, feature, types, [there, here]);
      try {
        const key = askKey(subject, feature, type, there, here, question);
        return [key];
      } catch (error) {
        failed.push({ subject, feature, type, error: sayError(error) });
        return [];
      }
    },
  );
  const judged = judgeQuality(asked.map((key) => key.asked.checks));
  return {
    keys: asked.flatMap((key, i) => {
      const quality = judged[i];
      return quality === undefined ? [] : [{ ...key, quality }];
    }),
    failed,
  };

  function askKey(
    subject: ProfileSubject,
    feature: string,
    type: FeatureType,
    there: FeatureProfile | undefined,
    here: FeatureProfile | undefined,
    { everSent }: QualityQuestion,
  ): Omit<QualityKey, "quality"> {
    const raw = here ?? absentProfile(window.rowCount);
    const hasNames = type === "categorical" || type === "boolean";
    const read = (profile: FeatureProfile) => ({ raw: profile, read: readAsType(profile, type) });
    const isVanished = hasValues(there) && !hasValues(here) && window.rowCount > 0;
    const isNeverSent = isVanished && subject === "feature" && everSent?.has(feature) === false;
    return {
      subject,
      feature,
      type,
      hasNames,
      baseline: there ?? null,
      window: raw,
      isVanished,
      isNeverSent,
      asked: askFeature({
        baseline: there === undefined || isNeverSent ? null : read(there),
        window: read(raw),
        declared: (subject === "feature" ? declared.get(feature) : undefined) ?? {},
        hasNames,
        declaredKind: naturalKind[type],
      }),
    };
  }
}

/** Distinct values of a profile, numbers and names together; a lower bound once either has been cut. */
export function countDistinct(profile: FeatureProfile): { count: number; isExact: boolean } {
  const names = mergeCategoricalProfiles([profile]);
  const isExactNumbers = profile.resolution === 52 && profile.zeroFloor === 0;
  return {
    count: names.distinctCount + profile.edges.length,
    isExact: profile.otherCount === 0 && isExactNumbers,
  };
}
