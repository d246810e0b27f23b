import type { FeatureQualityResult, Quality } from "#lib/api/quality.ts";
import { computeQualityHealth } from "#lib/rules/compute-quality-health.ts";
import { isStillProfiled } from "#lib/rules/is-still-profiled.ts";
import { formatCount, formatShare } from "./format-number.ts";
import { formatInstant } from "./format-time.ts";
import { nameModelSegment } from "./name-segment.ts";
import { subjectLabel } from "./name-statistic.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** What is wrong with the values, in which features, since when? */
export function prepareQualityAnswer(quality: Quality, rangeText: string, zone: string): Answer {
  const { family, reference } = quality;
  const model = nameModelSegment(quality);
  const rows = sentence`${figure(`${formatCount(quality.windowRowCount)} ${plural(quality.windowRowCount, "row")}`)} ${rangeText}`;
  if (isStillProfiled(quality.waitingShare, quality.windowRowCount))
    return {
      health: "unknown",
      headline: sentence`Cannot say yet whether the values of ${model} are good: ${figure(formatShare(quality.waitingShare))} of this window is still being profiled.`,
      detail: sentence`${rows} are in so far, and the figures below will change.`,
    };
  if (quality.windowRowCount === 0)
    return {
      health: "unknown",
      headline: sentence`Cannot say whether the values of ${model} are good: no rows came ${rangeText}.`,
      detail: sentence`Take a longer range, another version or another environment.`,
    };
  const compared =
    reference === null
      ? sentence`${rows}, with nothing to compare with (${quality.referenceLack ?? "no baseline"}): only what was declared is judged`
      : sentence`${rows} against ${figure(formatCount(reference.rowCount))} of ${reference.label}`;
  const blind =
    family.cannotSayCount === 0 ? "" : `; ${formatCount(family.cannotSayCount)} cannot be judged`;
  const failed = family.failedCount === 0 ? "" : `; ${formatCount(family.failedCount)} failed`;
  const health = computeQualityHealth(quality.features);
  const bad = quality.features.filter(({ verdict }) => verdict === "problem");
  if (bad.length === 0) {
    const isBlind = family.okCount === 0;
    return {
      health,
      headline: isBlind
        ? sentence`Cannot say whether the values of ${model} are good: ${quality.features[0]?.reason ?? "no feature has a value"}.`
        : sentence`The values of ${model} are as expected in ${figure(`${formatCount(family.okCount)} of ${formatCount(family.size)}`)} features and outputs.`,
      detail: sentence`${compared}${isBlind ? "" : blind}${failed}.`,
    };
  }
  const [worst] = bad;
  return {
    health,
    headline: sentence`${figure(`${formatCount(bad.length)} of ${formatCount(family.size)}`)} features and outputs of ${model} ${plural(bad.length, "has", "have")} a problem${sinceOf(bad, quality, zone)}: ${worst === undefined ? "" : worstOf(worst)}.`,
    detail: sentence`${compared}${blind}${failed}; at most ${formatShare(family.falseDiscoveryRate)} of what was tested and found is expected to be chance.`,
  };
}

const worstOf = ({ subject, feature, reason }: FeatureQualityResult): Sentence =>
  sentence`${name(subjectLabel(subject, feature))} ${keepUnits(reason)}`;

/** A number and its sign stay on one line. */
const keepUnits = (reason: string): string => reason.replaceAll(" %", "\u202f%");

/** When the first of the problems that go on began; of those that are over, when they were. */
function sinceOf(bad: readonly FeatureQualityResult[], quality: Quality, zone: string): Sentence {
  const going = bad.filter(({ since, until }) => since !== null && until === null);
  const starts = going.map(({ since }) => Date.parse(since ?? ""));
  if (starts.length === 0) {
    const over = bad.every(({ until }) => until !== null);
    return over ? sentence`, over by now` : [];
  }
  const earliest = Math.min(...starts);
  return earliest <= Date.parse(quality.buckets[0] ?? quality.from)
    ? sentence` for the whole window`
    : sentence` since ${figure(formatInstant(earliest, zone))}`;
}
