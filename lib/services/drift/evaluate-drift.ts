import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { listVersionsSeenSince } from "#db/postgres/queries/active-models.ts";
import type { DriftResultRow } from "#db/postgres/queries/drift-result.ts";
import { upsertDriftResults } from "#db/postgres/queries/drift-result.ts";
import { listFeatureRows } from "#db/postgres/queries/model.ts";
import type { FeatureDrift } from "#lib/api/drift.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { DriftReference } from "#lib/domain/health.ts";
import { evaluatedReferences } from "#lib/domain/health.ts";
import type { Stores } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { compareSides, toFeatureDrift } from "./compare-sides.ts";
import type { ProfileSide } from "./profile-side.ts";
import { readWindowSide } from "./profile-side.ts";
import { readReference } from "./read-reference.ts";

export interface EvaluateDriftOptions {
  workspaceId: string;
  modelId: string;
  now: Date;
  signal?: AbortSignal;
}

const windowMs = grainMs["1d"];

/** Judges the last 24 hours of every version of a model that was seen in them, against its baseline and against the days
 *  before, and keeps the verdicts. The window ends with the running hour, so that an hour's evaluations replace each other. */
export async function evaluateDrift(
  stores: Stores,
  { workspaceId, modelId, now, signal }: EvaluateDriftOptions,
): Promise<void> {
  const pg = stores.postgres.db;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  const hourMs = grainMs["1h"];
  const until = new Date((Math.floor(now.getTime() / hourMs) + 1) * hourMs);
  const from = new Date(until.getTime() - windowMs);
  const versions = await listVersionsSeenSince(pg, workspaceId, modelId, from);
  const features = await listFeatureRows(ctx, modelId);
  const types = new Map(features.map((row) => [row.name, row.type]));
  for (const { model, environment, version } of versions) {
    const scope: ResolvedScope = {
      modelId,
      model,
      environment,
      version,
      types,
      window: coverWindow(from, until, now),
      now,
    };
    const window = await readWindowSide(ctx.ch, scope, scope.window.pieces, { signal });
    if (window.rowCount === 0) continue;
    for (const kind of evaluatedReferences) {
      const reference = await readReference(ctx, scope, { reference: kind });
      if (reference !== null)
        await upsertDriftResults(pg, toRows(workspaceId, scope, kind, reference.side, window));
    }
  }
}

function toRows(
  workspaceId: string,
  scope: ResolvedScope,
  reference: DriftReference,
  referenceSide: ProfileSide,
  window: ProfileSide,
): DriftResultRow[] {
  return compareSides(referenceSide, window, scope.types).map((comparison) => {
    const { subject, feature, verdict, reason, statistics, tests, ...drift } =
      toFeatureDrift(comparison);
    return {
      workspaceId,
      modelId: scope.modelId,
      environment: scope.environment,
      version: scope.version,
      reference,
      subject,
      feature,
      windowFrom: scope.window.fromTime,
      windowUntil: scope.window.untilTime,
      verdict,
      reason,
      statistics: { ...drift, ...toKept(statistics, tests) },
      baselineRows: referenceSide.rowCount,
      windowRows: window.rowCount,
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
