import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { listVersionsSeenSince } from "#db/postgres/queries/active-models.ts";
import type { DriftResultRow } from "#db/postgres/queries/drift-result.ts";
import { upsertDriftResults } from "#db/postgres/queries/drift-result.ts";
import { listFeatureRows } from "#db/postgres/queries/model.ts";
import type { FeatureDrift } from "#lib/api/drift.ts";
import type { DriftReference } from "#lib/domain/health.ts";
import { evaluatedReferences } from "#lib/domain/health.ts";
import type { ServiceContext, Stores } from "../context.ts";
import { evaluateWindows } from "../evaluation/evaluate-windows.ts";
import { openRollingWindows, outcomeOf } from "../evaluation/rolling-windows.ts";
import type { JobOutcome, JobProgress } from "../job/job-progress.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { compareSides, toFeatureDrift, withhold } from "./compare-sides.ts";
import { findWeeklyKeys, sayWeekly } from "./find-weekly-keys.ts";
import type { LabelledWindow } from "./read-labels.ts";
import { readLabelledReference, readLabelledWindow, sayCoverage } from "./read-labels.ts";
import type { Reference } from "./read-reference.ts";
import { judgeWaiting, readWaitingRows } from "./read-waiting.ts";

export interface EvaluateDriftOptions {
  workspaceId: string;
  modelId: string;
  now: Date;
  signal?: AbortSignal;
  progress?: JobProgress;
}

/** Judges the last 24 hours of every version of a model that was seen in them, against its baseline and against the days
 *  before, its labels with the rest, and keeps the verdicts; then, as well, every earlier window that was missed or that late rows or labels have changed,
 *  oldest first. */
export async function evaluateDrift(
  stores: Stores,
  { workspaceId, modelId, now, signal, progress }: EvaluateDriftOptions,
): Promise<JobOutcome> {
  const pg = stores.postgres.db;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  const features = await listFeatureRows(ctx, modelId);
  const types = new Map(features.map((row) => [row.name, row.type]));
  const key = { kind: "drift" as const, workspaceId, modelId };
  await openRollingWindows(pg, key, now);
  let rowsRead = 0;
  await evaluateWindows({ stores, key, now, signal, progress }, async (due) => {
    const found = await judgeWindow(ctx, { modelId, types, now }, due);
    rowsRead += found.rowsRead;
    return { rowsRead: found.rowsRead, write: (tx) => upsertDriftResults(tx, found.results) };
  });
  return outcomeOf(rowsRead);
}

type Context = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

async function judgeWindow(
  ctx: Context,
  { modelId, types, now }: Pick<ResolvedScope, "modelId" | "types" | "now">,
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
): Promise<{ rowsRead: number; results: DriftResultRow[] }> {
  const { pg, workspaceId } = ctx;
  const results: DriftResultRow[] = [];
  let rowsRead = 0;
  for (const version of await listVersionsSeenSince(pg, workspaceId, modelId, fromTime)) {
    const window = coverWindow(fromTime, untilTime, now);
    const scope: ResolvedScope = { modelId, types, now, window, ...version };
    const labelled = await readLabelledWindow(ctx, scope);
    const { rowCount } = labelled.window;
    if (rowCount === 0) continue;
    rowsRead += rowCount;
    for (const kind of evaluatedReferences) {
      const reference = await readLabelledReference(ctx, scope, { reference: kind });
      if (reference !== null)
        results.push(...(await judgeAgainst(ctx, scope, kind, reference, labelled)));
    }
  }
  return { rowsRead, results };
}

async function judgeAgainst(
  ctx: Context,
  scope: ResolvedScope,
  kind: DriftReference,
  reference: Reference,
  { window, coverage }: LabelledWindow,
): Promise<DriftResultRow[]> {
  const waitingRows = await readWaitingRows(ctx, scope, { reference: kind });
  const waiting = judgeWaiting(waitingRows, window.rowCount, reference);
  const comparisons = compareSides(reference.side, window, scope.types);
  const weekly = await findWeeklyKeys(ctx, scope, { reference, window }, comparisons);
  return comparisons.map((comparison) => {
    const { subject, feature, verdict, reason, statistics, tests, ...drift } = withhold(
      sayCoverage(sayWeekly(toFeatureDrift(comparison), weekly), coverage),
      waiting.reason,
    );
    // Of labels: those that have come.
    const [there, here] =
      subject === "label" ? [comparison.reference, comparison.window] : [reference.side, window];
    return {
      workspaceId: ctx.workspaceId,
      modelId: scope.modelId,
      environment: scope.environment,
      version: scope.version,
      reference: kind,
      subject,
      feature,
      windowFrom: scope.window.fromTime,
      windowUntil: scope.window.untilTime,
      verdict,
      reason,
      statistics: { ...drift, ...toKept(statistics, tests) },
      baselineRows: there.rowCount,
      windowRows: here.rowCount,
      computedAt: scope.now,
    };
  });
}

/** Every value is kept of every evaluation, without what can be computed from it again. */
function toKept(statistics: FeatureDrift["statistics"], tests: FeatureDrift["tests"]) {
  return {
    statistics: statistics.map(({ statistic, value, nullExpectation, pValue }) => ({
      statistic,
      value,
      nullExpectation,
      pValue,
    })),
    tests: tests.map(({ question, outcome, pValue, adjustedPValue, decidedBy }) => ({
      question,
      outcome,
      pValue,
      adjustedPValue,
      decidedBy,
    })),
  };
}
