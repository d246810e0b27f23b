import type { z } from "zod";
import type { DriftExplanation } from "#lib/api/drift.ts";
import { explainDriftInput, explainDriftOutput } from "#lib/api/drift.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { DriftMeasure } from "#lib/domain/health.ts";
import { categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import { categoryCellsOf } from "#lib/stats/category-cells.ts";
import { twoSampleOfHistograms } from "#lib/stats/two-sample.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { readRawSegment } from "../segment/resolve-segment.ts";
import type { Comparison } from "./compare-sides.ts";
import { compareSides, toStatistic } from "./compare-sides.ts";
import { describeLack } from "./describe-verdict.ts";
import { exactStatistic } from "./exact-statistic.ts";
import { explainLack } from "./explain-lack.ts";
import { readWindowSide } from "./profile-side.ts";
import type { RawKey, RawSource } from "./read-raw-side.ts";
import { rawRowsMax, readRawSide, referenceSource, windowSource } from "./read-raw-side.ts";
import { readReference } from "./read-reference.ts";
import { renderPython, renderSql } from "./render-explanation.ts";

type Cell = DriftExplanation["cells"][number];
type Exact = DriftExplanation["exact"];

/** One number of one feature, taken apart: the cells it was counted in, the same from raw rows, what the tools of the field give
 *  for them, and the SQL and the Python that repeat it. */
export const explainDrift = defineService({
  name: "explainDrift",
  role: "viewer",
  input: explainDriftInput,
  output: explainDriftOutput,
  writes: false,
  async run(ctx, input): Promise<z.input<typeof explainDriftOutput>> {
    const key = rawKeyOf(input);
    const scope = await resolveScope(ctx, input);
    const features = [input.feature];
    const [reference, side] = await Promise.all([
      readReference(ctx, scope, input, features),
      readWindowSide(ctx.ch, scope, scope.window.pieces, { features, signal: ctx.signal }),
    ]);
    const head = {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      segment: scope.segment ?? null,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      reference: reference?.described ?? null,
      subject: input.subject,
      feature: input.feature,
    };
    const comparison =
      reference === null
        ? undefined
        : compareSides(reference.side, side, scope.types).find(
            (one) => keyName(one) === keyName(input),
          );
    if (reference === null || comparison === undefined) {
      const reason =
        reference === null
          ? await explainLack(ctx, scope, input)
          : "neither side has such a feature";
      return { ...head, ...nothing, type: scope.types.get(input.feature) ?? "numeric", reason };
    }
    const segment = await readRawSegment(ctx, scope);
    const window = windowSource(scope, segment);
    const before = referenceSource(scope, reference, segment);
    const { cells, cut } = cellsOf(comparison, input.measure);
    const { statistic, reason } = shownStatistic(comparison, input.measure);
    return {
      ...head,
      type: comparison.type,
      statistic,
      reason,
      referenceCount: valueCount(comparison, "reference"),
      windowCount: valueCount(comparison, "window"),
      cells,
      exact: await readExact(ctx, comparison, input.measure, key, before, window),
      sql: renderSql(ctx.workspaceId, key, before, window),
      python: renderPython(input.measure, cut),
    };
  },
});

const notRead: Exact = {
  state: "no_rows",
  rowsMax: rawRowsMax,
  referenceCount: null,
  windowCount: null,
  value: null,
  compatibility: [],
};
const nothing = {
  statistic: null,
  referenceCount: 0,
  windowCount: 0,
  cells: [],
  exact: notRead,
  sql: "",
  python: "",
};

function rawKeyOf({ subject, feature }: z.output<typeof explainDriftInput>): RawKey {
  if (subject === "feature" || subject === "prediction") return { subject, feature };
  const message = `must be feature or prediction, not ${subject}`;
  throw new AppError("invalid_request", `This can't be explained: \`subject\` ${message}.`, {
    details: [{ path: "subject", message }],
  });
}

function valueCount({ computed, ...sides }: Comparison, side: "reference" | "window"): number {
  const profile = sides[side];
  return computed.kind === "numeric" ? profile.numericCount : categoricalCountOf(profile);
}

function shownStatistic({ computed }: Comparison, measure: DriftMeasure) {
  const found = computed.statistics.find((one) => one.statistic === measure);
  if (found === undefined) {
    const other = computed.kind === "numeric" ? "categories" : "numbers";
    return { statistic: null, reason: `this statistic is one of ${other}` };
  }
  return found.kind === "value"
    ? { statistic: toStatistic(found), reason: "" }
    : { statistic: null, reason: describeLack(found) };
}

const binned: readonly DriftMeasure[] = [
  "psi",
  "jensen_shannon",
  "hellinger",
  "kullback_leibler",
  "total_variation",
];
const merged: readonly DriftMeasure[] = ["psi", "jensen_shannon", "kullback_leibler"];

/** The cells of a statistic, and what a program needs to make them again. */
function cellsOf(
  { computed, reference, window }: Comparison,
  measure: DriftMeasure,
): { cells: Cell[]; cut: Parameters<typeof renderPython>[1] } {
  if (computed.kind === "categorical") {
    if (merged.includes(measure) && computed.comparison !== null) {
      const { names, counts } = computed.comparison;
      const all = [...names, "all other known values", "new values"];
      return {
        cells: all.map((name, i) => named(name, counts.baseline[i] ?? 0, counts.window[i] ?? 0)),
        cut: { kind: "names", names },
      };
    }
    const { categories, other } = categoryCellsOf(reference, window);
    const cells = categories.map((one) => named(one.name, one.baseline, one.window));
    const rest = other.baseline + other.window;
    return {
      cells: rest === 0 ? cells : [...cells, named("all others", other.baseline, other.window)],
      cut: { kind: "names", names: [] },
    };
  }
  if (binned.includes(measure)) {
    if (computed.comparison === null) return { cells: [], cut: null };
    const { cuts, counts } = computed.comparison;
    const cells = counts.baseline.map((count, i) => ({
      from: cuts[i - 1] ?? null,
      until: cuts[i] ?? null,
      name: null,
      referenceCount: count,
      windowCount: counts.window[i] ?? 0,
    }));
    return { cells, cut: { kind: "cuts", cuts } };
  }
  const two = twoSampleOfHistograms(reference, window);
  const cells = Array.from(two?.left ?? [], (left, i) => ({
    from: left,
    until: two?.right[i] ?? left,
    name: null,
    referenceCount: two?.baseline[i] ?? 0,
    windowCount: two?.window[i] ?? 0,
  }));
  return { cells, cut: null };
}

const named = (name: string, referenceCount: number, windowCount: number): Cell => ({
  from: null,
  until: null,
  name,
  referenceCount,
  windowCount,
});

/** The raw rows of both sides, if they are few enough and still there. */
async function readExact(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  comparison: Comparison,
  measure: DriftMeasure,
  key: RawKey,
  before: RawSource,
  window: RawSource,
): Promise<Exact> {
  const [wantedBefore, wanted] = [
    valueCount(comparison, "reference"),
    valueCount(comparison, "window"),
  ];
  if (wantedBefore === 0 || wanted === 0) return notRead;
  if (Math.max(wantedBefore, wanted) > rawRowsMax) return { ...notRead, state: "too_many_rows" };
  const [rawBefore, raw] = await Promise.all([
    readRawSide(ctx, before, key),
    readRawSide(ctx, window, key),
  ]);
  const { referenceCount, windowCount, value, compatibility } = exactStatistic(
    comparison,
    measure,
    rawBefore,
    raw,
  );
  const counts = { referenceCount, windowCount };
  if (Math.max(referenceCount, windowCount) > rawRowsMax)
    return { ...notRead, ...counts, state: "too_many_rows" };
  if (referenceCount < wantedBefore || windowCount < wanted)
    return { ...notRead, ...counts, state: "rows_expired" };
  return { ...notRead, ...counts, state: "read", value, compatibility };
}
