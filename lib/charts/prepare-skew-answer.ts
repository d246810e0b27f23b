import type { FeatureSkew, FeatureSkewDetail, Skew } from "#lib/api/skew.ts";
import { isStillProfiled } from "#lib/rules/is-still-profiled.ts";
import { sayTolerance } from "./draft-expectation.ts";
import { formatCount, formatShare } from "./format-number.ts";
import { formatInstant } from "./format-time.ts";
import { nameModelSegment } from "./name-segment.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, listNames, name, plural, sentence } from "./sentence.ts";

/** What explains fewer of the differing pairs is shown below, but is no answer. */
const explainedShareMin = 0.8;

/** Was something else served than the training side holds, since when, and what turns one into the other? `worst` is the
 *  detail of the worst feature, which may still be on its way. */
export function prepareSkewAnswer(
  skew: Skew,
  worst: FeatureSkewDetail | null,
  rangeText: string,
  zone: string,
): Answer {
  const { family, rule } = skew;
  const model = nameModelSegment(skew);
  if (!skew.hasOffline)
    return {
      health: "unknown",
      headline: sentence`Cannot say whether ${model} is served what it was trained on: no offline features have come.`,
      detail: sentence`Send what the offline store holds for predictions that were served; the pairs are compared within a minute.`,
    };
  const matched = sentence`${figure(formatCount(skew.pairCount))} of ${figure(`${formatCount(skew.predictionCount)} ${plural(skew.predictionCount, "prediction")}`)} ${rangeText} have offline features`;
  if (isStillProfiled(skew.waitingShare, skew.pairCount))
    return {
      health: "unknown",
      headline: sentence`Cannot say yet whether ${model} is served what it was trained on: ${figure(formatShare(skew.waitingShare))} of this window is still being compared.`,
      detail: sentence`${matched} so far, and the figures below will change.`,
    };
  if (skew.pairCount === 0)
    return {
      health: "unknown",
      headline: sentence`Cannot say whether ${model} is served what it was trained on: no prediction ${rangeText} has offline features.`,
      detail: sentence`${figure(`${formatCount(skew.predictionCount)} ${plural(skew.predictionCount, "prediction")}`)} came. Offline features are matched by prediction_id and environment.`,
    };
  const blind =
    family.cannotSayCount === 0 ? "" : `; ${formatCount(family.cannotSayCount)} cannot be judged`;
  const chance = sentence`Skew is a mismatch rate above ${formatShare(rule.floor)}; at most ${formatShare(rule.falseDiscoveryRate)} of findings are expected to be chance.`;
  if (family.skewCount === 0) {
    const isBlind = family.noSkewCount === 0;
    return {
      health: isBlind ? "unknown" : "healthy",
      headline: isBlind
        ? sentence`Cannot say whether ${model} is served what it was trained on: ${skew.features[0]?.reason ?? "no feature is on both sides"}.`
        : sentence`${model} is served what the offline store holds: no skew on ${figure(`${formatCount(family.noSkewCount)} of ${formatCount(family.size)}`)} features.`,
      detail: isBlind ? sentence`${matched}.` : sentence`${matched}${blind}. ${chance}`,
    };
  }
  const skewed = skew.features.filter(({ verdict }) => verdict === "skew");
  const [first, ...others] = skewed;
  const more =
    others.length === 0
      ? sentence``
      : sentence` So are ${listNames(others.map(({ feature }) => feature))}.`;
  return {
    health: "watch",
    headline: first === undefined ? [] : sayFeature(first, worst, zone),
    detail: sentence`${matched}; ${figure(`${formatCount(family.skewCount)} of ${formatCount(family.size)}`)} features are skewed${blind}.${more} ${chance}`,
  };
}

/** One feature: did it differ, by how much, since when, how? */
export function prepareFeatureSkewAnswer(
  detail: FeatureSkewDetail,
  feature: string,
  zone: string,
): Answer {
  const { skew } = detail;
  const label = name(feature);
  if (skew === null)
    return {
      health: "unknown",
      headline: sentence`Cannot say whether ${label} is skewed: neither side has it in this window.`,
      detail: sentence`${figure(formatCount(detail.pairCount))} predictions have offline features.`,
    };
  const counts = sentence`${figure(formatCount(skew.differingCount))} of ${figure(`${formatCount(skew.comparedCount)} compared pairs`)} differ: ${formatCount(skew.mismatchCount)} another value, ${formatCount(skew.typeMismatchCount)} another type, ${formatCount(skew.offlineOnlyCount)} missing when served, ${formatCount(skew.servedOnlyCount)} missing offline.${sayDeclared(skew.tolerance)}`;
  switch (skew.verdict) {
    case "skew":
      return { health: "watch", headline: sayFeature(skew, detail, zone), detail: counts };
    case "no_skew":
      return {
        health: "healthy",
        headline: sentence`${label} is served as the offline store has it: ${skew.reason}.`,
        detail: counts,
      };
    case "cannot_say":
      return {
        health: "unknown",
        headline: sentence`Cannot say whether ${label} is skewed: ${skew.reason}.`,
        detail: counts,
      };
  }
}

function sayDeclared(tolerance: FeatureSkew["tolerance"]): string {
  if (tolerance === null) return "";
  return ` By what was declared, ${sayTolerance(tolerance)} counts.`;
}

/** In place of a rate that would mean nothing: where a side lacks the feature every pair "differs". */
export function sayNoRate({
  comparedCount,
  offlineOnlyCount,
  servedOnlyCount,
}: FeatureSkew): string {
  if (comparedCount > 0 && servedOnlyCount === comparedCount) return "not offline";
  if (comparedCount > 0 && offlineOnlyCount === comparedCount) return "not served";
  return "too few pairs";
}

function sayFeature(skew: FeatureSkew, detail: FeatureSkewDetail | null, zone: string): Sentence {
  const since =
    skew.since === null
      ? sentence``
      : sentence`, since ${figure(formatInstant(Date.parse(skew.since), zone))}`;
  const best = detail?.skew?.feature === skew.feature ? detail.explanations[0] : undefined;
  const looks =
    best === undefined || best.share < explainedShareMin
      ? sentence``
      : sentence`: served looks like ${figure(best.text)}`;
  return sentence`${name(skew.feature)} differs from the offline store in ${figure(formatShare(skew.rate?.value ?? null))} of ${figure(`${formatCount(skew.comparedCount)} matched predictions`)}${since}${looks}.`;
}
