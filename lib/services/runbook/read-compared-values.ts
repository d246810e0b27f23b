import { listFeatureRows } from "#db/postgres/queries/model.ts";
import type { FeatureSkew } from "#lib/api/skew.ts";
import type { Comparison } from "../drift/compare-sides.ts";
import { compareSides } from "../drift/compare-sides.ts";
import { decisiveTest, describeLack, describeVerdict } from "../drift/describe-verdict.ts";
import { readLabelledSides } from "../drift/read-labels.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { ReadContext } from "../monitor/watch.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { toFeatureSkew } from "../skew/describe-skew.ts";
import { readWindowSkew } from "../skew/read-skew.ts";
import type { AskedQuery, QueryReader, QueryValue, QueryWindowTimes } from "./query-value.ts";

/** How many of the served values differ from what the offline store says, feature by feature. */
export const readSkewValues: QueryReader = (ctx, asked, windows) =>
  eachWindow(ctx, asked, windows, async (scope) => {
    const found = await readWindowSkew(ctx, scope);
    const features = found.features
      .map((one) =>
        toFeatureSkew(one, {
          type: scope.types.get(one.feature) ?? null,
          sinceMs: null,
          drift: null,
        }),
      )
      .filter(({ feature }) => asked.target.kind !== "feature" || asked.target.feature === feature);
    if (features.length > 0) return features.map((one) => toSkewValue(one, asked));
    const reason = found.hasOffline
      ? `none of ${found.predictionCount} predictions has its offline features`
      : "no offline features of this model were ever sent";
    return [{ name: nameOf(asked), target: asked.target, kind: "unknown", reason }];
  });

function toSkewValue(one: FeatureSkew, { statistic, sampleMin }: AskedQuery): QueryValue {
  const head = { name: one.feature, target: { kind: "feature", feature: one.feature } as const };
  const { rate, comparedCount, verdict, reason } = one;
  if (rate === null || verdict === "cannot_say") return { ...head, kind: "unknown", reason };
  if (sampleMin !== null && comparedCount < sampleMin)
    return { ...head, kind: "unknown", reason: `${comparedCount} pairs, ${sampleMin} needed` };
  const isVerdict = statistic === "verdict";
  return {
    ...head,
    kind: "value",
    ...rate,
    sampleCount: comparedCount,
    isGood: isVerdict ? verdict === "no_skew" : null,
    words: isVerdict ? reason : null,
  };
}

/** How far the labels of a window are from those of the reference. */
export const readLabelValues: QueryReader = (ctx, asked, windows) =>
  eachWindow(ctx, asked, windows, async (scope) => {
    const head = { name: "label", target: { kind: "label" } as const };
    const query = { reference: asked.reference };
    const { reference, window, coverage } = await readLabelledSides(ctx, scope, query);
    if (reference === null)
      return [{ ...head, kind: "unknown", reason: "there is nothing to compare the labels with" }];
    const label = compareSides(reference.side, window, scope.types).find(
      ({ subject }) => subject === "label",
    );
    if (label === undefined || label.window.rowCount === 0)
      return [{ ...head, kind: "unknown", reason: "no label has come yet" }];
    const value = toLabelValue(label, asked);
    const share =
      coverage === null || coverage.rowCount === 0
        ? null
        : Math.round((coverage.labelledCount / coverage.rowCount) * 100);
    if (value.kind !== "value" || share === null) return [{ ...head, ...value }];
    const words = `${value.words ?? ""}${value.words === null ? "" : "; "}on ${share} % labelled`;
    return [{ ...head, ...value, words }];
  });

type Unnamed<T> = T extends unknown ? Omit<T, "name" | "target"> : never;

function toLabelValue(
  comparison: Comparison,
  { statistic, sampleMin }: AskedQuery,
): Unnamed<QueryValue> {
  const { computed, verdict, failure, window } = comparison;
  if (failure !== "") return { kind: "unknown", reason: failure };
  if (statistic === "verdict") {
    if (verdict.verdict.kind === "cannot_say")
      return { kind: "unknown", reason: describeLack(verdict.verdict) };
    const effect = decisiveTest(verdict.tests)?.decidedBy ?? null;
    const floor = effect?.negligible ?? 1;
    return {
      kind: "value",
      value: (effect?.value ?? 0) / floor,
      lower: effect === null ? null : effect.lowerBound / floor,
      upper: effect === null ? null : effect.upperBound / floor,
      sampleCount: window.rowCount,
      isGood: verdict.verdict.kind === "no_drift",
      words: describeVerdict(comparison),
    };
  }
  const found = computed.statistics.find((one) => one.statistic === statistic);
  if (found === undefined)
    return { kind: "unknown", reason: `${statistic} is none of a ${comparison.type} label` };
  if (found.kind !== "value") return { kind: "unknown", reason: describeLack(found) };
  const count = found.sampleSizes.window;
  const needed = sampleMin ?? labelsMin;
  if (count < needed) return { kind: "unknown", reason: `${count} labels, ${needed} needed` };
  return {
    kind: "value",
    value: found.value,
    lower: found.interval?.low ?? null,
    upper: found.interval?.high ?? null,
    sampleCount: count,
    isGood: null,
    words: null,
  };
}

/** As few rows as a monitor takes when nobody says otherwise. */
const labelsMin = 100;

const nameOf = ({ target }: AskedQuery) =>
  target.kind === "feature" ? target.feature : "the features";

/** These are read window by window: each is a comparison of its own. */
async function eachWindow(
  ctx: ReadContext,
  asked: AskedQuery,
  windows: readonly QueryWindowTimes[],
  read: (scope: ResolvedScope) => Promise<QueryValue[]>,
): Promise<QueryValue[][]> {
  const features = await listFeatureRows(ctx, asked.model.id);
  const found: QueryValue[][] = [];
  for (const { fromTime, untilTime } of windows)
    found.push(
      await read({
        modelId: asked.model.id,
        model: asked.model.name,
        environment: asked.environment,
        version: asked.version,
        segment: null,
        types: new Map(features.map((row) => [row.name, row.type])),
        window: coverWindow(fromTime, untilTime, asked.now),
        now: asked.now,
      }),
    );
  return found;
}
