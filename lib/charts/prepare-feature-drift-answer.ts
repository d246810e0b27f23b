import type { FeatureDrift, FeatureDriftDetail } from "#lib/api/drift.ts";
import { findDriftSince } from "./find-drift-since.ts";
import { formatCount } from "./format-number.ts";
import { formatInstant } from "./format-time.ts";
import { subjectLabel } from "./name-statistic.ts";
import { describeFinding } from "./prepare-questions.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** Did this one feature change, by how much, against what, since when? */
export function prepareFeatureDriftAnswer(
  detail: FeatureDriftDetail,
  subject: string,
  feature: string,
  zone: string,
): Answer {
  const { drift, reference } = detail;
  const label = name(subjectLabel(subject, feature));
  const count = detail.windowSide.rowCount;
  const rows = sentence`${figure(`${formatCount(count)} ${plural(count, "row")}`)}`;
  if (drift === null || reference === null)
    return {
      health: "unknown",
      headline: sentence`Cannot say whether ${label} drifts: ${detail.referenceLack ?? "there is nothing to compare with"}.`,
      detail: sentence`${rows} in the window.`,
    };
  const compared = sentence`${rows} against ${figure(formatCount(drift.referenceCount))} of ${reference.label}, ${drift.isExact ? "exact" : "from profiles, within the bound shown"}.`;
  switch (drift.verdict) {
    case "cannot_say":
      return {
        health: "unknown",
        headline: sentence`Cannot say whether ${label} drifts: ${drift.reason}.`,
        detail: compared,
      };
    case "no_drift":
      return {
        health: "healthy",
        headline: sentence`${label} shows no drift: ${calmOf(drift)}.`,
        detail: compared,
      };
    case "drift": {
      const start = findDriftSince(
        detail.series.map(({ from, verdict }) => ({ fromMs: Date.parse(from), verdict })),
      );
      const since =
        start === null || start.isWholeWindow
          ? sentence``
          : sentence` since ${figure(formatInstant(start.fromMs, zone))}`;
      return {
        health: subject === "prediction" ? "breach" : "watch",
        headline: sentence`${label} drifts${since}: ${findingsOf(drift)}.`,
        detail: compared,
      };
    }
  }
}

const findingsShownMax = 2;

/** What decided first; the table below has every question. */
function findingsOf(drift: FeatureDrift): string {
  const found = drift.tests
    .filter(({ outcome }) => outcome === "drift")
    .sort(
      (a, b) =>
        Number(b.question === drift.decidedQuestion) - Number(a.question === drift.decidedQuestion),
    );
  if (found.length === 0) return drift.reason;
  return found.slice(0, findingsShownMax).map(describeFinding).join("; ");
}

/** What the verdict rests on, which is noise or too little to matter. */
function calmOf(drift: FeatureDrift): string {
  const decided = drift.tests.find(({ question }) => question === drift.decidedQuestion);
  if (decided === undefined) return drift.reason;
  const finding = describeFinding(decided);
  return decided.outcome === "real_but_negligible" ? `${finding}, which is negligible` : finding;
}
