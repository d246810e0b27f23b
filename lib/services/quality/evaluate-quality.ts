import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { listVersionsSeenSince } from "#db/postgres/queries/active-models.ts";
import { findFreshnessObjective } from "#db/postgres/queries/expectation.ts";
import { listFeatureRows } from "#db/postgres/queries/model.ts";
import type { QualityResultRow } from "#db/postgres/queries/quality-result.ts";
import { upsertQualityResults } from "#db/postgres/queries/quality-result.ts";
import { findWorkspace } from "#db/postgres/queries/workspace.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { QualityVerdict } from "#lib/domain/quality.ts";
import type { JudgedHour } from "#lib/rules/judge-volume.ts";
import { describeVolume } from "#lib/rules/judge-volume.ts";
import type { ServiceContext, Stores } from "../context.ts";
import { evaluateWindows } from "../evaluation/evaluate-windows.ts";
import { openRollingWindows, outcomeOf } from "../evaluation/rolling-windows.ts";
import { measureFreshness } from "../freshness/measure-freshness.ts";
import type { JobOutcome, JobProgress } from "../job/job-progress.ts";
import { sayError } from "../job/say-error.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { readHours } from "../volume/read-hours.ts";
import { chooseQualityColumns } from "./choose-quality-columns.ts";
import { percent } from "./describe-quality.ts";
import { readQualityColumns } from "./read-columns.ts";
import type { ReadQuality } from "./read-quality.ts";
import { readQuality } from "./read-quality.ts";
import { toFailed, toFeatureQuality, withhold } from "./to-quality.ts";

type Context = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

export interface EvaluateQualityOptions {
  workspaceId: string;
  modelId: string;
  now: Date;
  signal?: AbortSignal;
  progress?: JobProgress;
}

const hourMs = grainMs["1h"];

/** Judges the values and the freshness of the last 24 hours of every version that was seen in them, and the volume of the last
 *  complete hour of every environment, and keeps each finding; then, as well, every earlier window that was missed or that
 *  late rows have changed, oldest first. Each kind is evaluated on its own: one that fails is kept as failed, with its reason. */
export async function evaluateQuality(
  stores: Stores,
  { workspaceId, modelId, now, signal, progress }: EvaluateQualityOptions,
): Promise<JobOutcome> {
  const pg = stores.postgres.db;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  const features = await listFeatureRows(ctx, modelId);
  const types = new Map(features.map((row) => [row.name, row.type]));
  const key = { kind: "quality" as const, workspaceId, modelId };
  await openRollingWindows(pg, key, now);
  let rowsRead = 0;
  await evaluateWindows({ stores, key, now, signal, progress }, async (due) => {
    const results = await judgeWindow(ctx, { modelId, types, now }, due);
    const rowCount = Math.max(0, ...results.map(({ windowRows }) => windowRows));
    rowsRead += rowCount;
    return { rowsRead: rowCount, write: (tx) => upsertQualityResults(tx, results) };
  });
  return outcomeOf(rowsRead);
}

async function judgeWindow(
  ctx: Context,
  known: Pick<ResolvedScope, "modelId" | "types" | "now">,
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
): Promise<QualityResultRow[]> {
  const { modelId, now } = known;
  const versions = await listVersionsSeenSince(ctx.pg, ctx.workspaceId, modelId, fromTime);
  const results: QualityResultRow[] = [];
  for (const version of versions) {
    const scope: ResolvedScope = {
      ...known,
      ...version,
      window: coverWindow(fromTime, untilTime, now),
    };
    results.push(
      ...(await find(ctx, scope, "quality", () => evaluateFeatures(ctx, scope))),
      ...(await find(ctx, scope, "freshness", () => evaluateFreshness(ctx, scope))),
    );
  }
  const lastMs = untilTime.getTime() - 2 * hourMs;
  const hour = { fromTime: new Date(lastMs), untilTime: new Date(lastMs + hourMs), pieces: [] };
  for (const { model, environment } of new Map(
    versions.map((row) => [row.environment, row]),
  ).values()) {
    const scope: ResolvedScope = { ...known, model, environment, version: "", window: hour };
    results.push(...(await find(ctx, scope, "volume", () => evaluateVolume(ctx, scope))));
  }
  return results;
}

type Finding = Pick<
  QualityResultRow,
  "subject" | "feature" | "verdict" | "reason" | "figures" | "windowRows"
>;

async function find(
  ctx: Context,
  scope: ResolvedScope,
  kind: QualityResultRow["kind"],
  evaluate: () => Promise<Finding[]>,
): Promise<QualityResultRow[]> {
  const findings = await evaluate().catch((error: unknown): Finding[] => {
    // A run that was stopped found out nothing.
    if (ctx.signal?.aborted === true) throw error;
    const reason = `could not be evaluated: ${sayError(error)}`;
    return [{ subject: "row", feature: "", verdict: "failed", reason, figures: {}, windowRows: 0 }];
  });
  return findings.map((finding) => ({
    workspaceId: ctx.workspaceId,
    modelId: scope.modelId,
    environment: scope.environment,
    version: scope.version,
    kind,
    windowFrom: scope.window.fromTime,
    windowUntil: scope.window.untilTime,
    computedAt: scope.now,
    ...finding,
  }));
}

/** Against the baseline where there is one, else against the days before. */
async function readAgainst(ctx: Context, scope: ResolvedScope): Promise<ReadQuality> {
  const read = await readQuality(ctx, scope, { reference: "baseline" });
  return read.reference === null ? readQuality(ctx, scope, { reference: "trailing" }) : read;
}

async function evaluateFeatures(ctx: Context, scope: ResolvedScope): Promise<Finding[]> {
  const read = await readAgainst(ctx, scope);
  if (read.windowRowCount === 0) return [];
  const columns = chooseQualityColumns(scope.window, scope.now, read.keys.length);
  const cells = await readQualityColumns(ctx, scope, read.keys, columns);
  const waitingReason = read.waiting.reason;
  const results = read.keys.map((key, i) => {
    const result = toFeatureQuality(key, { starts: columns, cells: cells[i] ?? [] });
    return waitingReason === null ? result : withhold(result, waitingReason);
  });
  return [...results, ...read.failed.map(toFailed)].map(
    ({ subject, feature, verdict, reason, ...figures }) => ({
      subject,
      feature,
      verdict,
      reason,
      figures: { ...figures, reference: read.reference?.kind ?? null },
      windowRows: read.windowRowCount,
    }),
  );
}

async function evaluateFreshness(ctx: Context, scope: ResolvedScope): Promise<Finding[]> {
  const objective = await findFreshnessObjective(ctx, scope.modelId);
  if (objective === null) return [];
  const attainment = await measureFreshness(ctx, scope, objective);
  const share = (count: number, total: number) => (total === 0 ? "no" : percent(count / total));
  return [
    {
      subject: "row",
      feature: "",
      verdict: freshnessVerdict(attainment),
      reason: `${share(attainment.rowsWithinLeast, attainment.rowCount)} of rows and ${share(attainment.freshSliceCount, attainment.sliceCount)} of five-minute slices fresh, ${percent(objective.share)} promised`,
      figures: { ...objective, ...attainment },
      windowRows: attainment.rowCount,
    },
  ];
}

function freshnessVerdict({ rows, slices }: { rows: string; slices: string }): QualityVerdict {
  if (rows === "missed" || slices === "missed") return "problem";
  return rows === "met" && slices === "met" ? "ok" : "cannot_say";
}

const volumeVerdicts: Record<JudgedHour["verdict"], QualityVerdict> = {
  low: "problem",
  high: "problem",
  usual: "ok",
  cannot_say: "cannot_say",
};

async function evaluateVolume(ctx: Context, scope: ResolvedScope): Promise<Finding[]> {
  const zone = (await findWorkspace(ctx))?.timeZone ?? "UTC";
  const { modelId, environment, now, window } = scope;
  const { fromTime, untilTime } = window;
  const hours = await readHours(ctx, {
    modelId,
    environment,
    version: undefined,
    fromTime,
    untilTime,
    now,
    zone,
  });
  return hours
    .filter((hour) => hour.fromMs === fromTime.getTime())
    .map((hour) => ({
      subject: "row",
      feature: "",
      verdict: volumeVerdicts[hour.verdict],
      reason: describeVolume(hour),
      figures: { zone, verdict: hour.verdict, band: hour.band },
      windowRows: hour.rowCount ?? 0,
    }));
}
