import type { OutcomeRow } from "#db/clickhouse/queries/outcome-rows.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import type { CauseTarget } from "#lib/domain/root-cause.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { pickRows } from "#lib/stats/multivariate/joint-columns.ts";
import type {
  ChangePart,
  FeatureChange,
  WholeChange,
} from "#lib/stats/root-cause/explain-change.ts";
import { computeWholeChange, explainChange } from "#lib/stats/root-cause/explain-change.ts";
import { explainPerformance } from "#lib/stats/root-cause/explain-performance.ts";
import { isAnythingFound, judgeChange, SIGNIFICANCE } from "#lib/stats/root-cause/judge-change.ts";
import type { Rightness } from "#lib/stats/root-cause/restore-feature.ts";
import type { SegmentContributions } from "#lib/stats/root-cause/segment-contributions.ts";
import {
  computeSegmentContributions,
  groupBySegment,
} from "#lib/stats/root-cause/segment-contributions.ts";
import type { Surrogate } from "#lib/stats/root-cause/surrogate.ts";
import type { Measure } from "./measure-outcomes.ts";
import { toTargets } from "./measure-outcomes.ts";
import type { Outcomes } from "./read-outcomes.ts";

/** The rows of a side that say something of the target. */
export interface Side {
  rows: readonly OutcomeRow[];
  columns: readonly JointColumn[];
  targets: Float64Array;
}

export function toSideOf(outcomes: Outcomes, measure: Measure): Side {
  const targets = toTargets(outcomes.rows, measure);
  const kept = targets.flatMap((y, i) => (y !== null && Number.isFinite(y) ? [i] : []));
  return {
    rows: kept.flatMap((i) => outcomes.rows[i] ?? []),
    columns: pickRows(outcomes.columns, kept),
    targets: Float64Array.from(kept, (i) => targets[i] ?? 0),
  };
}

export type Judged<T> = T & { isBeyondNoise: boolean };

export interface ExplainedFeature extends ChangePart {
  feature: string;
  kind: "moved" | "restored";
  importance: number | null;
  importanceRank: number | null;
  outsideShare: number | null;
}

export interface ExplainedSegments {
  key: string;
  mix: Judged<ChangePart>;
  behaviour: Judged<ChangePart>;
  values: (Pick<SegmentContributions["segments"][number], "segment" | "reference" | "window"> &
    Record<"mix" | "behaviour" | "total", Judged<ChangePart>>)[];
}

export interface ExplainedSides {
  change: Judged<WholeChange>;
  isAnythingFound: boolean;
  features: Judged<ExplainedFeature>[];
  interaction: Judged<ChangePart> | null;
  remainder: Judged<ChangePart> | null;
  segments: ExplainedSegments[];
  /** Keys that a side does not have: nothing can be said by them. */
  untagged: { key: string; side: "reference" | "window" }[];
}

export interface SidesCase {
  measure: Measure;
  reference: Side;
  window: Side;
  segmentKeys: readonly string[];
  /** Features that drift between the two. */
  drifted: readonly string[];
  /** Those that imitate well enough to be believed. */
  surrogates: Partial<Record<CauseTarget, Surrogate>>;
  /** The reference's rows are those that the surrogates were learned from. */
  isLearnedFrom: boolean;
}

/** A segment of fewer rows says nothing of its own. */
const segmentRowsMin = 50;
const restSegment = "*other*";

/** Takes the change between two sides apart, and judges all parts as one family; null where it has no finite size. */
export function explainSides(given: SidesCase): ExplainedSides | null {
  const { reference, window, segmentKeys } = given;
  const change = computeWholeChange(reference.targets, window.targets);
  if (change === null) return null;
  const byFeatures = explainFeatures(given);
  const untagged = segmentKeys.flatMap((key, place): ExplainedSides["untagged"] => {
    const isMissing = ({ rows }: Side) => rows.every(({ tags }) => (tags[place] ?? "") === "");
    if (isMissing(reference)) return [{ key, side: "reference" }];
    return isMissing(window) ? [{ key, side: "window" }] : [];
  });
  const bySegments = segmentKeys.flatMap((key, place) => {
    if (untagged.some((one) => one.key === key)) return [];
    const tagged = ({ rows, targets }: Side) => ({
      segments: rows.map(({ tags }) => tags[place] ?? ""),
      targets,
    });
    const groups = groupBySegment(tagged(reference), tagged(window), {
      rest: restSegment,
      rowCountMin: segmentRowsMin,
      segmentsMax: segmentLimits.valuesPerKeyMax,
    });
    const parts = groups.length < 2 ? null : computeSegmentContributions(groups);
    return parts === null ? [] : [{ key, parts }];
  });
  const features = byFeatures?.features ?? [];
  const others = byFeatures === null ? [] : [byFeatures.interaction, byFeatures.remainder];
  const adjusted = judgeChange({
    whole: change.pValue,
    features: [...features, ...others.flatMap((part) => part ?? [])].map(({ pValue }) => pValue),
    segments: bySegments.flatMap(({ parts }) =>
      parts.segments.flatMap(({ mix, behaviour }) => [mix.pValue, behaviour.pValue]),
    ),
  });
  const judge = <T extends ChangePart>(part: T, pValue: number | undefined): Judged<T> => ({
    ...part,
    isBeyondNoise: (pValue ?? 1) <= SIGNIFICANCE,
  });
  const [ofInteraction, ofRemainder] =
    others[0] === null
      ? [undefined, adjusted.features.at(-1)]
      : [adjusted.features.at(-2), adjusted.features.at(-1)];
  let place = 0;
  return {
    change: judge(change, adjusted.whole),
    isAnythingFound: isAnythingFound(adjusted),
    features: features
      .map((part, i) => judge(part, adjusted.features[i]))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value)),
    interaction:
      byFeatures?.interaction == null ? null : judge(byFeatures.interaction, ofInteraction),
    remainder: byFeatures === null ? null : judge(byFeatures.remainder, ofRemainder),
    untagged,
    segments: bySegments.map(({ key, parts }): ExplainedSegments => {
      const values = parts.segments.map(({ segment, mix, behaviour, total, ...sides }) => {
        const [ofMix = 1, ofBehaviour = 1] = adjusted.segments.slice(place, place + 2);
        place += 2;
        return {
          segment,
          reference: sides.reference,
          window: sides.window,
          mix: judge(mix, ofMix),
          behaviour: judge(behaviour, ofBehaviour),
          total: judge(total, Math.min(ofMix, ofBehaviour)),
        };
      });
      const isFound = (part: "mix" | "behaviour") => values.some((one) => one[part].isBeyondNoise);
      return {
        key,
        // A sum is said to be more than noise where one of its parts is, and it itself is too.
        mix: { ...parts.mix, isBeyondNoise: isFound("mix") && parts.mix.pValue <= SIGNIFICANCE },
        behaviour: {
          ...parts.behaviour,
          isBeyondNoise: isFound("behaviour") && parts.behaviour.pValue <= SIGNIFICANCE,
        },
        values: values.sort((a, b) => Math.abs(b.total.value) - Math.abs(a.total.value)),
      };
    }),
  };
}

function explainFeatures(given: SidesCase): {
  features: ExplainedFeature[];
  interaction: ChangePart | null;
  remainder: ChangePart;
} | null {
  const { measure, surrogates, reference, window, drifted, isLearnedFrom } = given;
  if (measure.measure !== "accuracy" && measure.measure !== "mae") {
    const { prediction } = surrogates;
    if (prediction === undefined) return null;
    const explained = explainChange(prediction, reference, window, { isLearnedFrom });
    return explained === null ? null : { ...explained, features: explained.features.map(toMoved) };
  }
  const decision =
    (measure.measure === "mae" ? surrogates.prediction : surrogates.decision) ?? null;
  const performance = surrogates.performance ?? null;
  if (decision === null && performance === null) return null;
  const explained = explainPerformance({
    performance,
    decision,
    reference,
    window,
    drifted,
    rightness: rightnessOf(window, measure),
    direction: measure.measure === "mae" ? -1 : 1,
    isLearnedFrom,
  });
  if (explained === null) return null;
  const ranks = new Map(
    decision?.features.map(({ bins, importance }, i) => [bins.name, { importance, rank: i + 1 }]),
  );
  const restored = explained.restored.map(
    (part): ExplainedFeature => ({
      ...part,
      kind: "restored",
      importance: ranks.get(part.feature)?.importance ?? null,
      importanceRank: ranks.get(part.feature)?.rank ?? null,
      outsideShare: null,
    }),
  );
  return { ...explained, features: [...restored, ...explained.features.map(toMoved)] };
}

const toMoved = (part: FeatureChange): ExplainedFeature => ({ ...part, kind: "moved" });

/** How right an answer of a surrogate is about a row of the window. */
function rightnessOf({ rows }: Side, { measure, className }: Measure): Rightness {
  if (measure === "mae")
    return (answer, row) => -Math.abs(answer - (rows[row]?.labelNumber ?? Number.NaN));
  return (answer, row) => Number(answer >= 0.5 === (rows[row]?.label === className));
}
