import type { Drift } from "#lib/api/drift.ts";
import type { JudgedKey } from "#lib/rules/compute-health.ts";
import { computeHealth } from "#lib/rules/compute-health.ts";
import { isStillProfiled } from "#lib/rules/is-still-profiled.ts";
import { findDriftSince } from "./find-drift-since.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { formatInstant } from "./format-time.ts";
import { nameModelSegment } from "./name-segment.ts";
import { statisticNames, subjectLabel } from "./name-statistic.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** What exactly changed, against what, since when? */
export function prepareDriftAnswer(drift: Drift, rangeText: string, zone: string): Answer {
  const { family, reference } = drift;
  const model = nameModelSegment(drift);
  const rows = sentence`${figure(`${formatCount(drift.windowRowCount)} ${plural(drift.windowRowCount, "row")}`)} ${rangeText}`;
  if (reference === null)
    return {
      health: "unknown",
      headline: sentence`Cannot say whether ${model} drifts: ${drift.referenceLack ?? "it has no baseline to compare with"}.`,
      detail: sentence`${rows}. ${drift.segment === null ? "Upload the training data, or compare with the time before." : "Compare with the time before, or with all rows."}`,
    };
  if (isStillProfiled(drift.waitingShare, drift.windowRowCount))
    return {
      health: "unknown",
      headline: sentence`Cannot say yet whether ${model} drifts: ${figure(formatShare(drift.waitingShare))} of this window is still being profiled.`,
      detail: sentence`${rows} are in so far, and the figures below will change. The System page shows the progress.`,
    };
  if (drift.windowRowCount === 0)
    return {
      health: "unknown",
      headline: sentence`Cannot say whether ${model} drifts: no rows came ${rangeText}.`,
      detail: sentence`Compared would be ${reference.label}, ${formatCount(reference.rowCount)} rows.`,
    };
  const compared = sentence`${rows} against ${figure(`${formatCount(reference.rowCount)}`)} of ${reference.label}`;
  const blind =
    family.cannotSayCount === 0 ? "" : `; ${formatCount(family.cannotSayCount)} cannot be judged`;
  if (family.driftCount === 0) {
    const isBlind = family.noDriftCount === 0;
    return {
      health: isBlind ? "unknown" : "healthy",
      headline: isBlind
        ? sentence`Cannot say whether ${model} drifts: ${drift.features[0]?.reason ?? "too few rows"}.`
        : sentence`${model} shows no drift on ${figure(`${formatCount(family.noDriftCount)} of ${formatCount(family.size)}`)} features and outputs.`,
      detail: sentence`${compared}${isBlind ? "" : blind}.`,
    };
  }
  const worst = worstOf(drift);
  return {
    health: healthOf(drift),
    headline: sentence`${model} drifts on ${figure(`${formatCount(family.driftCount)} of ${formatCount(family.size)}`)} features and outputs${sinceOf(drift, zone)}.`,
    detail: sentence`Most of all ${worst}. ${compared}${blind}; at most ${formatShare(family.falseDiscoveryRate)} of these findings are expected to be chance.`,
  };
}

/** The same rule as the fleet's, so that two pages never disagree about one model. */
function healthOf(drift: Drift) {
  const judged = drift.features.flatMap(({ subject, feature, verdict, reason }): JudgedKey[] =>
    subject === "feature" || subject === "prediction"
      ? [{ subject, feature, verdict, reason }]
      : [],
  );
  const rowCount = drift.windowRowCount;
  return computeHealth({
    hasBaseline: true,
    judged,
    rowCount,
    previousRowCount: rowCount,
    hasEverHadRows: true,
  }).health;
}

function worstOf(drift: Drift): Sentence {
  const figureOf = (feature: Drift["features"][number]) =>
    feature.statistics.find(({ statistic }) => statistic === drift.statistic)?.value ?? 0;
  const shown = drift.features
    .filter(({ verdict }) => verdict === "drift")
    .sort((a, b) => figureOf(b) - figureOf(a))
    .slice(0, 2);
  return shown.flatMap((each, index) => [
    ...(index === 0 ? [] : sentence` and `),
    ...sentence`${name(subjectLabel(each.subject, each.feature))} (${statisticNames[drift.statistic]} ${figure(formatNumber(figureOf(each)))})`,
  ]);
}

/** The earliest start among the features that drift now. */
function sinceOf(drift: Drift, zone: string): Sentence {
  const drifting = new Set(
    drift.features
      .filter(({ verdict }) => verdict === "drift")
      .map(({ subject, feature }) => `${subject}:${feature}`),
  );
  const starts = drift.heat
    .filter(({ subject, feature }) => drifting.has(`${subject}:${feature}`))
    .map(({ cells }) =>
      findDriftSince(
        cells.map(({ verdict }, index) => ({
          fromMs: Date.parse(drift.buckets[index] ?? drift.from),
          verdict,
        })),
      ),
    )
    .filter((start) => start !== null);
  if (starts.length === 0) return [];
  if (starts.some(({ isWholeWindow }) => isWholeWindow)) return sentence`, for the whole window`;
  const earliest = Math.min(...starts.map(({ fromMs }) => fromMs));
  return sentence`, since ${figure(formatInstant(earliest, zone))}`;
}
