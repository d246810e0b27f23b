import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import type { VersionRow } from "#lib/api/version.ts";
import type { Verdict } from "#lib/domain/health.ts";
import { quantilesOfHistogram } from "#lib/stats/histogram-quantiles.ts";
import type { ServiceContext } from "../context.ts";
import { compareSides } from "../drift/compare-sides.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { getPerformance } from "../performance/get-performance.ts";
import { sumAllProfiles } from "../profile/sum-profiles.ts";

type Detail = NonNullable<VersionRow["detail"]>;

/** What the pages of a version say of it, in short. */
export async function readVersionDetail(
  ctx: ServiceContext,
  scope: ResolvedScope,
): Promise<Detail> {
  const [drift, performance, latencyMs] = await Promise.all([
    readDrift(ctx, scope),
    readPerformance(ctx, scope),
    readLatency(ctx, scope),
  ]);
  return { drift, ...performance, latencyMs };
}

async function readDrift(ctx: ServiceContext, scope: ResolvedScope): Promise<Detail["drift"]> {
  const reference = await readReference(ctx, scope, { reference: "baseline" });
  if (reference === null) return null;
  const window = await readWindowSide(ctx.ch, scope, scope.window.pieces, { signal: ctx.signal });
  const judged = compareSides(reference.side, window, scope.types).filter(
    ({ subject }) => subject === "feature",
  );
  const countOf = (kind: Verdict) =>
    judged.filter(({ verdict }) => verdict.verdict.kind === kind).length;
  return {
    baselineName: reference.described.label,
    baselineVersion: reference.described.version ?? scope.version,
    driftCount: countOf("drift"),
    noDriftCount: countOf("no_drift"),
    cannotSayCount: countOf("cannot_say"),
  };
}

/** As the page Performance has it, to the digit. */
async function readPerformance(
  ctx: ServiceContext,
  { model, environment, version, window }: ResolvedScope,
): Promise<Omit<Detail, "drift" | "latencyMs">> {
  const found = await getPerformance.call(ctx.call, {
    model,
    environment,
    version,
    from: window.fromTime.toISOString(),
    until: window.untilTime.toISOString(),
  });
  const estimated = found.buckets.findLast(({ estimates }) => Object.keys(estimates).length > 0);
  const { labelledCount, coverage, metrics } = found.window;
  return {
    labelledCount,
    coverage,
    metrics,
    estimates: estimated?.estimates ?? {},
    estimatedFrom: estimated?.from ?? null,
  };
}

async function readLatency(
  ctx: ServiceContext,
  { modelId, environment, version, window }: ResolvedScope,
): Promise<Detail["latencyMs"]> {
  const [latency] = await sumAllProfiles(
    ctx.ch.scan(
      windowProfiles,
      { modelId, environment, version, ...pieceParams(window.pieces), subjects: ["latency"] },
      ctx.signal,
    ),
  );
  if (latency === undefined) return null;
  const { profile } = latency;
  const [p50, p95] = quantilesOfHistogram(profile, profile.minimum, [0.5, 0.95]) ?? [];
  if (p50 === undefined || p95 === undefined) return null;
  return { p50, p95, count: profile.numericCount };
}
