import { affectedPredictions } from "#db/clickhouse/queries/affected-predictions.ts";
import { findModelRetention } from "#db/postgres/queries/active-models.ts";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { listAlertsOfIncident } from "#db/postgres/queries/incident.ts";
import { listSloRows } from "#db/postgres/queries/slo.ts";
import { sumSlices } from "#db/postgres/queries/slo-slice.ts";
import type { ImpactFigures } from "#lib/domain/postmortem.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import { sliceMsOf } from "#lib/domain/slo.ts";
import type { ServiceContext } from "../context.ts";
import { sayError } from "../job/say-error.ts";
import { readBudget } from "../slo/read-budget.ts";

type Context = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "now" | "signal">;
interface Span {
  fromTime: Date;
  untilTime: Date;
}

const dayMs = 86_400_000;
const segmentsMax = 20;

/** How far an incident reached: from the start of its impact until it was mitigated, or resolved, or now. */
export async function measureImpact(ctx: Context, incident: IncidentRow): Promise<ImpactFigures> {
  const end = incident.mitigatedAt ?? incident.resolvedAt;
  const untilTime = end ?? ctx.now;
  const fromTime = incident.impactStartedAt;
  const figures = {
    from: fromTime?.toISOString() ?? null,
    until: untilTime.toISOString(),
    isOpen: end === null,
    durationMs: fromTime === null ? null : untilTime.getTime() - fromTime.getTime(),
    predictionCount: null,
    reason: null,
    segments: [],
    budgets: [],
  };
  if (fromTime === null) return { ...figures, reason: "nobody has said when the impact began" };
  const { modelId } = incident;
  if (modelId === null) return { ...figures, reason: "the incident names no model" };
  const span = { fromTime, untilTime };
  const whole = { key: incident.segmentKey, value: incident.segmentValue };
  const counted = await countPredictions(ctx, { ...incident, modelId }, span, whole);
  const segments: ImpactFigures["segments"] = [];
  for (const segment of await listSegments(ctx, incident)) {
    const { count } = await countPredictions(ctx, { ...incident, modelId }, span, segment);
    segments.push({ ...segment, predictionCount: count });
  }
  return {
    ...figures,
    predictionCount: counted.count,
    reason: counted.reason,
    segments,
    budgets: await measureBudgets(ctx, { ...incident, modelId }, span),
  };
}

/** The segments that its alerts name. */
async function listSegments(ctx: Context, { id }: IncidentRow) {
  const alerts = await listAlertsOfIncident(ctx, id, "own");
  const named = new Map(
    alerts.flatMap(({ segmentKey: key, segmentValue: value }) =>
      key === "" ? [] : [[JSON.stringify([key, value]), { key, value }] as const],
    ),
  );
  return [...named.values()].slice(0, segmentsMax);
}

type OfModel = Pick<IncidentRow, "environment"> & { modelId: string };

async function countPredictions(
  ctx: Context,
  { modelId, environment }: OfModel,
  { fromTime, untilTime }: Span,
  segment: { key: string; value: string },
): Promise<{ count: number | null; reason: string | null }> {
  const lack = (reason: string) => ({ count: null, reason });
  if (segment.value === otherSegment)
    return lack("the rows of all other values are not counted by themselves");
  const keptDays = (await findModelRetention(ctx.pg, modelId))?.rawRetentionDays ?? null;
  if (keptDays !== null && fromTime.getTime() < ctx.now.getTime() - keptDays * dayMs)
    return lack(`rows are kept for ${keptDays} days, and those of its beginning are gone`);
  try {
    const [found] = await ctx.ch.query(
      affectedPredictions,
      {
        modelId,
        environment,
        fromTime,
        untilTime,
        segmentKey: segment.key,
        segmentValue: segment.value,
      },
      ctx.signal,
    );
    return { count: found?.predictionCount ?? 0, reason: null };
  } catch (error) {
    return lack(`they could not be counted: ${sayError(error)}`);
  }
}

/** What the objectives of the model spent of their budgets within the span. */
async function measureBudgets(
  ctx: Context,
  { modelId, environment }: OfModel,
  { fromTime, untilTime }: Span,
): Promise<ImpactFigures["budgets"]> {
  const slos = (await listSloRows(ctx)).filter(
    ({ slo }) => slo.modelId === modelId && slo.environment === environment,
  );
  const budgets: ImpactFigures["budgets"] = [];
  for (const { slo } of slos) {
    const sliceMs = sliceMsOf[slo.indicator.kind];
    // The slice in which it began is of it.
    const sliceFrom = new Date(Math.floor(fromTime.getTime() / sliceMs) * sliceMs);
    const [sum] = await sumSlices(ctx, slo.id, [{ fromTime: sliceFrom, untilTime }]);
    if (sum === undefined) continue;
    const { allowedCount } = await readBudget(ctx, slo, untilTime);
    const badCount = sum.settledBad + sum.provisionalBad;
    const isMeasured = badCount + sum.settledGood + sum.provisionalGood > 0;
    budgets.push({
      sloId: slo.id,
      name: slo.name,
      badCount,
      unmeasuredCount: sum.unmeasured,
      allowedCount,
      spentShare: isMeasured && allowedCount > 0 ? badCount / allowedCount : null,
    });
  }
  return budgets;
}
