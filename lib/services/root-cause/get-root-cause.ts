import type { z } from "zod";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { listProfiledNames } from "#db/postgres/queries/profile-work.ts";
import type { SurrogateRow } from "#db/postgres/queries/surrogate.ts";
import { listSurrogates } from "#db/postgres/queries/surrogate.ts";
import type { ExplainedOf, RootCause } from "#lib/api/root-cause.ts";
import { rootCauseInput, rootCauseOutput } from "#lib/api/root-cause.ts";
import { prepareRootCause } from "#lib/charts/prepare-root-cause.ts";
import { toPlainText } from "#lib/charts/sentence.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import type { Task } from "#lib/domain/model.ts";
import type { CauseTarget } from "#lib/domain/root-cause.ts";
import type { Moment } from "#lib/stats/performance/moments.ts";
import type { Surrogate } from "#lib/stats/root-cause/surrogate.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import type { Comparison } from "../drift/compare-sides.ts";
import { compareSides } from "../drift/compare-sides.ts";
import { describeVerdict } from "../drift/describe-verdict.ts";
import { explainLack } from "../drift/explain-lack.ts";
import { planReference } from "../drift/plan-reference.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { coverHours } from "../profile/cover-hours.ts";
import { coverWindow } from "../profile/cover-window.ts";
import type { ExplainedSegments, ExplainedSides } from "./explain-sides.ts";
import { explainSides, toSideOf } from "./explain-sides.ts";
import { chooseMeasure } from "./measure-outcomes.ts";
import type { OutcomeQuestion, Outcomes } from "./read-outcomes.ts";
import { readBaselineOutcomes, readLoggedImportance, readWindowOutcomes } from "./read-outcomes.ts";

type Asked = z.output<typeof rootCauseInput>;
type Said = Omit<RootCause, "verdict" | "reason" | "sentence" | "change" | Explanation>;
type Explanation = "features" | "interaction" | "remainder" | "segments" | "untagged";

const rowCountMin = 100;
const segmentValuesMax = 20;
/** A prediction follows from its features: what imitates it worse than this has not learned it. */
const predictionR2Min = 0.5;

/** What explains that a model's predictions, or how right they are, differ from a reference: features, and segments. */
export const getRootCause = defineService({
  name: "getRootCause",
  role: "viewer",
  input: rootCauseInput,
  output: rootCauseOutput,
  writes: false,
  async run(ctx, input) {
    const resolved = await resolveScope(ctx, input);
    const { fromTime, untilTime } = resolved.window;
    // Performance is kept by the hour, and its page speaks of whole hours.
    const window =
      input.of === "performance" ? coverHours(fromTime, untilTime, ctx.now) : resolved.window;
    const scope = { ...resolved, window };
    const segment = scope.segment ?? null;
    const [task, reference] = await Promise.all([
      findModelTask(ctx.pg, scope.modelId),
      readReference(ctx, scope, input),
    ]);
    const known = task === null ? [] : await listKnown(ctx, scope, task);
    let said: Said = {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      segment,
      of: input.of,
      from: window.fromTime.toISOString(),
      until: window.untilTime.toISOString(),
      reference: reference?.described ?? null,
      measure: null,
      className: "",
      referenceRowCount: 0,
      windowRowCount: 0,
      surrogate: describeSurrogate(known, input.of),
      importance: {
        source: "surrogate",
        featureCount: describeSurrogate(known, input.of).featureCount,
      },
    };
    if (reference === null) return cannotSay(said, await explainLack(ctx, scope, input));
    if (task === null) return cannotSay(said, "nobody knows yet what the model predicts");
    const { segmentKeys } = await listProfiledNames(ctx.pg, scope.modelId);
    const question: OutcomeQuestion = {
      modelId: scope.modelId,
      types: scope.types,
      features: listFeatures(known, input.of),
      segment,
      // All rows of a segment have one value of its own key.
      segmentKeys: segmentKeys
        .slice(0, segmentLimits.keysMax)
        .filter((key) => key !== segment?.key),
      isLabelled: input.of === "performance",
    };
    const [there, here, side] = await Promise.all([
      readReferenceOutcomes(ctx, scope, input, question, reference.side.rowCount),
      readWindowOutcomes(ctx, question, scope, window),
      readWindowSide(ctx.ch, scope, window.pieces, { signal: ctx.signal }),
    ]);
    const learned = known.find(
      ({ target, surrogate }) => target === input.of && surrogate !== null,
    );
    const measure = learned ?? chooseMeasure(task, input.of, [...there.rows, ...here.rows]);
    if (typeof measure === "string") return cannotSay(said, measure);
    said = {
      ...said,
      measure: measure.measure,
      className: measure.className,
      referenceRowCount: there.rowCount,
      windowRowCount: here.rowCount,
    };
    const [before, after] = [toSideOf(there, measure), toSideOf(here, measure)];
    const lack = findLack(input.of, before.targets.length, after.targets.length);
    if (lack !== null) return cannotSay(said, lack);
    const comparisons = compareSides(reference.side, side, scope.types);
    const explained = explainSides({
      measure,
      reference: before,
      window: after,
      segmentKeys: question.segmentKeys,
      drifted: comparisons.flatMap(({ subject, feature, verdict }) =>
        subject === "feature" && verdict.verdict.kind === "drift" ? [feature] : [],
      ),
      surrogates: toUsable(known, measure.className),
      isLearnedFrom: input.reference === "baseline" && learned?.learnedFrom === "baseline",
    });
    if (explained === null) return cannotSay(said, "the change has no finite size");
    const logged = await readLoggedImportance(ctx, scope, window, side.rowCount);
    if (logged !== null)
      said = {
        ...said,
        importance: { source: "explanations", featureCount: logged.length },
      };
    return toAnswer(said, explained, comparisons, logged);
  },
});

/** What was learned of the version, under the task and the baseline that hold now. */
async function listKnown(
  ctx: ServiceContext,
  scope: ResolvedScope,
  task: Task,
): Promise<SurrogateRow[]> {
  const [rows, baseline] = await Promise.all([
    listSurrogates(ctx, scope),
    findActiveBaseline(ctx, scope.modelId, scope.version),
  ]);
  return rows.filter((row) => row.task === task && row.baselineId === (baseline?.id ?? null));
}

const targetsBehind: Record<ExplainedOf, readonly CauseTarget[]> = {
  prediction: ["prediction"],
  performance: ["performance", "decision", "prediction"],
};

/** Every feature that a surrogate asks for. */
function listFeatures(known: readonly SurrogateRow[], of: ExplainedOf): string[] {
  const behind = known.filter(({ target }) => targetsBehind[of].includes(target));
  const names = behind.flatMap(({ surrogate }) => surrogate?.features ?? []);
  return [...new Set(names.map(({ bins }) => bins.name))].sort();
}

/** Whether a surrogate is believed. What errs is mostly chance, so that even a good one says little of each row. */
function isGood(target: CauseTarget, { r2, r2StandardError }: Surrogate): boolean {
  return target === "performance" ? r2 > 2 * r2StandardError : r2 >= predictionR2Min;
}

/** Those that are believed, and that mean the same class. */
function toUsable(
  known: readonly SurrogateRow[],
  className: string,
): Partial<Record<CauseTarget, Surrogate>> {
  return Object.fromEntries(
    known.flatMap((row) => {
      const { target, surrogate } = row;
      if (surrogate === null || row.className !== className) return [];
      return isGood(target, surrogate) ? [[target, surrogate]] : [];
    }),
  );
}

function describeSurrogate(known: readonly SurrogateRow[], of: ExplainedOf): Said["surrogate"] {
  const held = known.find(({ target }) => target === of);
  if (held === undefined)
    return {
      state: "pending",
      reason: "what they say of it has not been learned yet, the worker looks every 5 minutes",
      learnedFrom: null,
      r2: null,
      r2StandardError: null,
      rowCount: 0,
      featureCount: 0,
      computedAt: null,
    };
  const { surrogate, learnedFrom, computedAt } = held;
  const shared = {
    learnedFrom,
    r2: surrogate?.r2 ?? null,
    r2StandardError: surrogate?.r2StandardError ?? null,
    rowCount: surrogate?.rowCount ?? 0,
    featureCount: surrogate?.features.length ?? 0,
    computedAt: computedAt.toISOString(),
  };
  if (surrogate === null) return { ...shared, state: "none", reason: held.reason };
  if (isGood(of, surrogate)) return { ...shared, state: "used", reason: "" };
  const fit = `R² ${surrogate.r2.toFixed(2)} on rows held out`;
  return {
    ...shared,
    state: "poor_fit",
    reason:
      of === "performance"
        ? `the features do not tell where the model errs (${fit})`
        : `the features do not tell what the model says (${fit}, ${predictionR2Min} needed)`,
  };
}

async function readReferenceOutcomes(
  ctx: ServiceContext,
  scope: ResolvedScope,
  input: Asked,
  question: OutcomeQuestion,
  rowCount: number,
): Promise<Outcomes> {
  const plan = planReference(scope, input);
  if (plan === null) {
    const baseline = await findActiveBaseline(ctx, scope.modelId, scope.version);
    return baseline === null
      ? { rows: [], columns: [], rowCount: 0 }
      : readBaselineOutcomes(ctx, question, { id: baseline.id, rowCount });
  }
  const { environment } = scope;
  const { version, fromTime, untilTime } = plan;
  const cover = question.isLabelled ? coverHours : coverWindow;
  const window = cover(fromTime, untilTime, ctx.now);
  return readWindowOutcomes(ctx, question, { environment, version }, window);
}

function findLack(of: ExplainedOf, before: number, after: number): string | null {
  const rows = of === "performance" ? "rows with a label" : "rows with a prediction";
  for (const [count, where] of [
    [before, "the reference"],
    [after, "the window"],
  ] as const) {
    if (count < rowCountMin) return `${count} ${rows} in ${where}, ${rowCountMin} needed`;
  }
  return null;
}

const nothing = { features: [], interaction: null, remainder: null, segments: [], untagged: [] };

function cannotSay(said: Said, reason: string): RootCause {
  return withSentence({
    ...said,
    verdict: "cannot_say",
    reason,
    change: null,
    ...nothing,
  });
}

function toAnswer(
  said: Said,
  explained: ExplainedSides,
  comparisons: readonly Comparison[],
  logged: Awaited<ReturnType<typeof readLoggedImportance>>,
): RootCause {
  const { change, isAnythingFound, interaction, remainder } = explained;
  if (!isAnythingFound)
    return withSentence({ ...said, ...nothing, verdict: "no_move", reason: "", change });
  return withSentence({
    ...said,
    verdict: "explained",
    reason: "",
    change,
    features: explained.features.map((part) => {
      const found = comparisons.find(
        ({ subject, feature }) => subject === "feature" && feature === part.feature,
      );
      const place = logged?.findIndex(({ feature }) => feature === part.feature) ?? -1;
      return {
        ...part,
        ...(logged !== null && {
          importance: logged[place]?.share ?? null,
          importanceRank: place < 0 ? null : place + 1,
        }),
        drift: found?.verdict.verdict.kind ?? null,
        driftReason: found === undefined ? "" : describeVerdict(found),
      };
    }),
    interaction,
    remainder,
    segments: explained.segments.map(toSegments),
    untagged: explained.untagged,
  });
}

function toSegments({
  key,
  mix,
  behaviour,
  values,
}: ExplainedSegments): RootCause["segments"][number] {
  const total = (side: "reference" | "window") =>
    values.reduce((sum, value) => sum + value[side].count, 0);
  const [n, m] = [total("reference"), total("window")];
  const meanOf = ({ count, mean }: Moment) => (count === 0 ? null : mean);
  return {
    key,
    mix,
    behaviour,
    valueCount: values.length,
    values: values.slice(0, segmentValuesMax).map(({ segment, reference, window, ...parts }) => ({
      value: segment,
      referenceCount: reference.count,
      windowCount: window.count,
      referenceShare: reference.count / n,
      windowShare: window.count / m,
      referenceMean: meanOf(reference),
      windowMean: meanOf(window),
      ...parts,
    })),
  };
}

function withSentence(answer: Omit<RootCause, "sentence">): RootCause {
  const said = { ...answer, sentence: "" };
  return { ...said, sentence: toPlainText(prepareRootCause(said).headline) };
}
