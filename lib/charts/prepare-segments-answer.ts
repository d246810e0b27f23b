import type { SegmentList, WorstSegments } from "#lib/api/segment.ts";
import { isStillProfiled } from "#lib/rules/is-still-profiled.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { describeSegment } from "./name-segment.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

type Finding = WorstSegments["findings"][number];

/** "carrier = HA and hour = 3". */
function nameConditions(conditions: Finding["conditions"]): Sentence {
  return conditions.flatMap((one, i) => [
    ...(i === 0 ? [] : sentence` and `),
    name(describeSegment(one)),
  ]);
}

/** "38 % wrong of 412, 21 % elsewhere", or the mean error of both. */
function sayFinding(finding: Finding, loss: WorstSegments["loss"]): Sentence {
  const count = figure(formatCount(finding.rowCount));
  if (loss === "absolute_error")
    return sentence`mean error ${figure(formatNumber(finding.loss))} over ${count} rows, ${figure(formatNumber(finding.restLoss))} elsewhere`;
  return sentence`${figure(formatShare(finding.loss))} wrong of ${count}, ${figure(formatShare(finding.restLoss))} elsewhere`;
}

/** Where is the model worse than elsewhere, and what differs between its segments? */
export function prepareSegmentsAnswer(
  list: SegmentList,
  worst: WorstSegments,
  rangeText: string,
): Answer {
  const model = name(list.model);
  if (list.segmentKey === null)
    return {
      health: null,
      headline: sentence`${model} has no segments yet: no tag of its rows is declared.`,
      detail: sentence`Declare one, and every statistic is kept for each of its values, those of the stored rows included.`,
    };
  const rows = sentence`${figure(`${formatCount(list.rowCount)} ${plural(list.rowCount, "row")}`)} ${rangeText} in ${figure(formatCount(list.values.length))} ${plural(list.values.length, "value")} of ${name(list.segmentKey)}`;
  if (isStillProfiled(list.waitingShare, list.rowCount))
    return {
      health: "unknown",
      headline: sentence`Cannot say yet how the segments of ${model} differ: ${figure(formatShare(list.waitingShare))} of this window is still being profiled.`,
      detail: sentence`${rows} are in so far, and the figures below will change.`,
    };
  const detail = sentence`${rows}${sayMoves(list)}. ${sayTested(worst)}`;
  switch (worst.state) {
    case "found": {
      const [first] = worst.findings;
      if (first === undefined) break;
      const more =
        worst.findingCount === 1
          ? []
          : sentence` (and ${figure(formatCount(worst.findingCount - 1))} more)`;
      return {
        health: "watch",
        headline: sentence`Worst: ${nameConditions(first.conditions)}, ${sayFinding(first, worst.loss)}${more}.`,
        detail,
      };
    }
    case "none":
      return {
        health: "healthy",
        headline: sentence`${model} is in no segment worse than elsewhere by more than chance.`,
        detail,
      };
    case "cannot_say":
      break;
  }
  return {
    health: "unknown",
    headline: sentence`Cannot say where ${model} is worst: ${worst.reason ?? "nothing was found"}.`,
    detail,
  };
}

/** What drifts, and whose share of the rows moved. */
function sayMoves({
  values,
  segmentKey,
  reference,
  referenceLack,
  falseDiscoveryRate,
}: SegmentList) {
  if (reference === null)
    return referenceLack === null
      ? []
      : sentence`; nothing to compare with, because ${referenceLack}`;
  const drifted = values.filter(({ drift }) => (drift?.foundCount ?? 0) > 0);
  const moved = values.filter(
    ({ mix }) => mix !== null && mix.adjustedPValue <= falseDiscoveryRate,
  );
  const drift =
    drifted.length === 0
      ? sentence`; drift in none`
      : sentence`; drift in ${figure(formatCount(drifted.length))} of them`;
  const mix =
    moved.length === 0
      ? sentence`, its mix as in ${reference.label}`
      : sentence`, the mix of ${name(segmentKey ?? "")} moved against ${reference.label}`;
  return [...drift, ...mix];
}

function sayTested({
  candidateCount,
  countMin,
  rowCount,
  sampledShare,
  state,
  falseDiscoveryRate,
}: WorstSegments): Sentence {
  if (state === "cannot_say") return [];
  const sampled = sampledShare < 1 ? `, ${formatShare(sampledShare)} of those labelled` : "";
  return sentence`${figure(formatCount(candidateCount))} segments of at least ${formatCount(countMin)} labelled rows were tested, alone and in pairs, over ${figure(formatCount(rowCount))} rows${sampled}; at most ${formatShare(falseDiscoveryRate)} of the findings are expected to be chance.`;
}
