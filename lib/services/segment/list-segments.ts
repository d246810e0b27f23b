import { segmentFeatures } from "#db/clickhouse/queries/feature-last-seen.ts";
import { listExpectationRows } from "#db/postgres/queries/expectation.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import type { SegmentRow } from "#lib/api/segment.ts";
import { segmentListInput, segmentListOutput } from "#lib/api/segment.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { adjustPValues, FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import { missingCountOf } from "#lib/stats/profile-counts.ts";
import { computeRateChange } from "#lib/stats/rate-change.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { judgeSides } from "../drift/compare-sides.ts";
import { explainLack } from "../drift/explain-lack.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { countWaitingRows, waitingShareOf } from "../profile/count-waiting-rows.ts";
import { coverHours } from "../profile/cover-hours.ts";
import { keyName } from "../profile/sum-profiles.ts";
import type { QualityAnswer } from "../quality/ask-keys.ts";
import { askKeys } from "../quality/ask-keys.ts";
import { unfoldedDays } from "../quality/read-quality.ts";
import { applyConstancies, listConstant, readConstancies } from "../quality/settle-constants.ts";
import { getSegmentKeys } from "./get-segment-keys.ts";
import type { SegmentPerformance } from "./read-segment-performance.ts";
import { metricOf, readSegmentPerformance } from "./read-segment-performance.ts";
import type { SegmentSource } from "./read-segment-sides.ts";
import { readReferenceSegments, readWindowSegments } from "./read-segment-sides.ts";

/** Profiles that are compared for one page: the largest values first, so that a page of a thousand features stays quick. */
const comparisonsMax = 4_000;
const comparedMax = 40;

/** A tag's values side by side: their rows and mix, what drifts and is broken in each, and how right the model is there. */
export const listSegments = defineService({
  name: "listSegments",
  role: "viewer",
  input: segmentListInput,
  output: segmentListOutput,
  writes: false,
  async run(ctx, { segmentKey: wanted, ...input }) {
    const scope = await resolveScope(ctx, input);
    const { fromTime, untilTime, pieces } = scope.window;
    const model = { id: scope.modelId, name: scope.model };
    const segmentKeys = await getSegmentKeys(ctx, model, wanted);
    const segmentKey = wanted ?? segmentKeys[0] ?? null;
    const task = await findModelTask(ctx.pg, scope.modelId);
    const head = {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      segmentKey,
      segmentKeys,
      task,
      metric: task === null ? null : metricOf(task),
      falseDiscoveryRate: FALSE_DISCOVERY_RATE,
    };
    if (segmentKey === null)
      return {
        ...head,
        rowCount: 0,
        waitingShare: 0,
        reference: null,
        referenceLack: null,
        values: [],
        comparedCount: 0,
      };
    const [window, before, described, waitingCount, declared] = await Promise.all([
      readWindowSegments(ctx, scope, segmentKey, pieces),
      readReferenceSegments(ctx, scope, input, segmentKey),
      readReference(ctx, scope, input, []),
      countWaitingRows(ctx, { ...scope, byKey: segmentKey }, scope.window),
      listExpectationRows(ctx, scope.modelId),
    ]);
    const values = listValues(window, before);
    const comparedCount = Math.min(
      comparedMax,
      Math.max(1, Math.floor(comparisonsMax / Math.max(1, scope.types.size))),
      window.counts.length,
    );
    const compared = window.counts.slice(0, comparedCount).map(({ value }) => value);
    const [sides, everSent, referenceSides, performance] = await Promise.all([
      window.readSides(compared),
      readEverSent(ctx, scope, segmentKey, compared),
      before === null ? new Map<string, ProfileSide>() : before.readSides(compared),
      task === null
        ? null
        : readSegmentPerformance(ctx, scope, coverHours(fromTime, untilTime, ctx.now), {
            task,
            segmentKey,
            values: values.map(({ value }) => value),
          }),
    ]);
    const expectations = new Map(declared.map((row) => [row.feature, row.declared]));
    const rowCount = window.counts.reduce((sum, row) => sum + row.rowCount, 0);
    const mixes = compareMix(values, rowCount, before);
    const questions = values.map(({ value }) => ({
      window: sides.get(value),
      reference: referenceSides.get(value),
      types: scope.types,
      declared: expectations,
      everSent: everSent.get(value) ?? new Map(),
    }));
    const answers = await answerQuality(ctx, scope, questions);
    return {
      ...head,
      rowCount,
      waitingShare: waitingShareOf(waitingCount, rowCount),
      reference: before === null ? null : (described?.described ?? null),
      referenceLack: before === null ? await explainTagLack(ctx, scope, input, segmentKey) : null,
      values: values.map(({ value, rowCount: count, newestEventMs }, i): SegmentRow => {
        const side = sides.get(value);
        const question = questions[i];
        return {
          value,
          rowCount: count,
          share: rowCount === 0 ? 0 : count / rowCount,
          lastSeenAt: newestEventMs === 0 ? null : new Date(newestEventMs).toISOString(),
          mix: mixes[i] ?? null,
          drift: question === undefined ? null : countDrift(question),
          quality: countQuality(answers[i] ?? null),
          missingShare: side === undefined ? null : missingShareOf(side),
          performance: performance === null ? null : (performance.get(value) ?? noPerformance),
        };
      }),
      comparedCount: compared.length,
    };
  },
});

/** Which features each value's rows ever carried: what none did is no fault of this window, as on the page Quality. */
async function readEverSent(
  ctx: ServiceContext,
  { modelId, environment, version, now }: ResolvedScope,
  segmentKey: string,
  segmentValues: string[],
): Promise<Map<string, Map<string, true>>> {
  if (segmentValues.length === 0) return new Map();
  const hoursFrom = new Date(now.getTime() - unfoldedDays * grainMs["1d"]);
  const asked = { modelId, environment, version, segmentKey, segmentValues, hoursFrom };
  const rows = await ctx.ch.query(segmentFeatures, asked, ctx.signal);
  return new Map(
    rows.map(({ value, features }) => [value, new Map(features.map((name) => [name, true]))]),
  );
}

/** A baseline may lack the tag; a stretch of time without one row with it has no rows at all. */
function explainTagLack(
  ctx: ServiceContext,
  scope: ResolvedScope,
  asked: DriftReferenceQuery,
  key: string,
): Promise<string> {
  const segment = asked.reference === "baseline" ? { key, value: "" } : null;
  return explainLack(ctx, { ...scope, segment }, asked);
}

interface ValueCounts {
  value: string;
  rowCount: number;
  newestEventMs: number;
  referenceRowCount: number;
}

/** Values that only the reference has stand last, with no rows: what vanished must not go unseen. */
function listValues(window: SegmentSource, before: SegmentSource | null): ValueCounts[] {
  const there = new Map(before?.counts.map((row) => [row.value, row.rowCount]) ?? []);
  const here = new Set(window.counts.map(({ value }) => value));
  const vanished = (before?.counts ?? []).filter(({ value }) => !here.has(value));
  return [
    ...window.counts.map((row) => ({ ...row, referenceRowCount: there.get(row.value) ?? 0 })),
    ...vanished.map(({ value, rowCount }) => ({
      value,
      rowCount: 0,
      newestEventMs: 0,
      referenceRowCount: rowCount,
    })),
  ];
}

function compareMix(
  values: readonly ValueCounts[],
  windowTotal: number,
  before: SegmentSource | null,
): SegmentRow["mix"][] {
  const total = before?.counts.reduce((sum, row) => sum + row.rowCount, 0) ?? 0;
  const changes = values.map(({ rowCount, referenceRowCount }) =>
    computeRateChange({ count: referenceRowCount, total }, { count: rowCount, total: windowTotal }),
  );
  // Without rows on a side no value can be compared, so that either all are of the family or none.
  const adjusted = adjustPValues(changes.flatMap((change) => change?.pValue ?? []));
  return values.map(({ referenceRowCount }, i) => {
    const change = changes[i] ?? null;
    if (change === null) return null;
    return {
      referenceRowCount,
      referenceShare: referenceRowCount / total,
      difference: change.difference,
      lower: change.interval.low,
      upper: change.interval.high,
      adjustedPValue: adjusted[i] ?? 1,
    };
  });
}

type Question = Omit<Parameters<typeof askKeys>[0], "window" | "reference"> & {
  window: ProfileSide | undefined;
  reference: ProfileSide | undefined;
};

function countDrift({ window, reference, types }: Question): SegmentRow["drift"] {
  if (window === undefined || reference === undefined) return null;
  const verdicts = judgeSides(reference, window, types).map((one) => one.verdict.verdict.kind);
  return {
    size: verdicts.length,
    foundCount: verdicts.filter((kind) => kind === "drift").length,
    cannotSayCount: verdicts.filter((kind) => kind === "cannot_say").length,
  };
}

/** Of each segment with rows. What is one value by the calendar is so in every segment: all rows together say whether it is. */
async function answerQuality(
  ctx: ServiceContext,
  scope: ResolvedScope,
  questions: readonly Question[],
): Promise<(QualityAnswer | null)[]> {
  const answers = questions.map(({ window, reference, ...question }) =>
    window === undefined ? null : askKeys({ ...question, window, reference: reference ?? null }),
  );
  const constant = new Map(
    answers
      .flatMap((answer) => (answer === null ? [] : listConstant(answer)))
      .map((key) => [keyName(key), key]),
  );
  if (constant.size === 0) return answers;
  const [constancies = new Map()] = await readConstancies(ctx, { ...scope, segment: null }, [
    { window: scope.window, keys: [...constant.values()] },
  ]);
  return answers.map((answer) => (answer === null ? null : applyConstancies(answer, constancies)));
}

function countQuality(answer: QualityAnswer | null): SegmentRow["quality"] {
  if (answer === null) return null;
  const { keys, failed } = answer;
  const verdicts = keys.map((key) => key.quality.verdict.kind);
  return {
    size: keys.length + failed.length,
    foundCount: verdicts.filter((kind) => kind === "problem").length,
    cannotSayCount: verdicts.filter((kind) => kind === "cannot_say").length + failed.length,
  };
}

function missingShareOf({ keys }: ProfileSide): number | null {
  const features = keys.filter((key) => key.subject === "feature");
  const rows = features.reduce((sum, { profile }) => sum + profile.rowCount, 0);
  const missing = features.reduce((sum, { profile }) => sum + missingCountOf(profile), 0);
  return rows === 0 ? null : missing / rows;
}

const noPerformance: SegmentPerformance = {
  labelledCount: 0,
  value: null,
  lower: null,
  upper: null,
  restValue: null,
  difference: null,
  differenceLower: null,
  differenceUpper: null,
  adjustedPValue: null,
};
