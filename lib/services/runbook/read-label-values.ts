import { listFeatureRows } from "#db/postgres/queries/model.ts";
import type { Comparison } from "../drift/compare-sides.ts";
import { compareSides } from "../drift/compare-sides.ts";
import { decisiveTest, describeLack, describeVerdict } from "../drift/describe-verdict.ts";
import { readLabelledSides } from "../drift/read-labels.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { ReadContext } from "../monitor/watch.ts";
import { coverWindow } from "../profile/cover-window.ts";
import type { AskedQuery, QueryReader, QueryValue, QueryWindowTimes } from "./query-value.ts";

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
