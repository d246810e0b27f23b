import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import type { NamedSlo, SloRow } from "#db/postgres/queries/slo.ts";
import { claimDueSlo, findSloRow, updateSloRow } from "#db/postgres/queries/slo.ts";
import {
  deleteSlicesBefore,
  findOldestOpenSlice,
  listAlertStates,
  upsertAlertState,
  upsertSlices,
} from "#db/postgres/queries/slo-slice.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { MonitorSeries, SeriesOutcome, SeriesResult } from "#lib/domain/monitor.ts";
import type { BurnUrgency } from "#lib/domain/slo.ts";
import { burnUrgencies, sliceMsOf } from "#lib/domain/slo.ts";
import { judgeSlo } from "#lib/rules/judge-slo.ts";
import { periodAt, periodLengthMs } from "#lib/rules/slo-period.ts";
import { dayMs, hourMs, minuteMs } from "#lib/rules/wall-clock.ts";
import { applyOutcomes } from "../alert/apply-outcomes.ts";
import type { Stores } from "../context.ts";
import type { AlertingOptions } from "../incident/alerting.ts";
import { sayError } from "../job/say-error.ts";
import { freezeSlo } from "./freeze-slo.ts";
import type { MeasureContext } from "./measure-slices.ts";
import { measureSlices } from "./measure-slices.ts";
import type { Burn } from "./read-budget.ts";
import { readBudget, readBurn } from "./read-budget.ts";
import { settleMs } from "./time-slice.ts";
import { toAlertingMonitor } from "./to-alerting-monitor.ts";

/** All slices of the period are asked for again so often, so that what late rows and labels changed is found. */
const sweepMs = hourMs;
/** The slices of the last minutes may have been seen too early. */
const overlapSlices = 2;
/** What is kept past the longest period, to look back on. */
const keptDays = 400;

export interface EvaluateSloOptions {
  now: Date;
  newId: () => string;
  signal?: AbortSignal;
}

/** Measures one objective that is due and judges how fast its budget burns; false when none is due. */
export async function evaluateDueSlo(
  stores: Stores,
  options: EvaluateSloOptions,
): Promise<boolean> {
  const { now } = options;
  const found = await stores.postgres.transaction((tx) =>
    claimDueSlo(tx, now, new Date(now.getTime() + minuteMs)),
  );
  if (found === null) return false;
  await evaluateSlo(stores, found, options);
  return true;
}

async function evaluateSlo(
  stores: Stores,
  { slo }: NamedSlo,
  { now, newId, signal }: EvaluateSloOptions,
): Promise<void> {
  const { workspaceId } = slo;
  const pg = stores.postgres.db;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  try {
    const { fromTime, isSweep } = await chooseStart(ctx, slo, now);
    const slices = await measureSlices(ctx, slo, { fromTime, now });
    await stores.postgres.transaction(async (tx) => {
      const scope = { pg: tx, workspaceId };
      await upsertSlices(scope, slo.id, slices, now);
      const measuredUntil = slices.at(-1)?.sliceUntil ?? slo.measuredUntil;
      await updateSloRow(scope, slo.id, {
        measuredUntil,
        error: "",
        dueAt: nextDue(slo, now),
        ...(isSweep && { sweptAt: now }),
      });
      if (isSweep)
        await deleteSlicesBefore(scope, slo.id, new Date(now.getTime() - keptDays * dayMs));
      await judgeBurn(scope, slo.id, { now, newId, publicUrl: stores.publicUrl });
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    // What was is kept: an objective that cannot be measured neither fires nor clears.
    await updateSloRow({ pg, workspaceId }, slo.id, { error: sayError(error) });
  }
}

/** From the oldest slice that may still change; of all of the period once an hour, and at first. */
async function chooseStart(
  ctx: MeasureContext,
  slo: SloRow,
  now: Date,
): Promise<{ fromTime: Date; isSweep: boolean }> {
  const sliceMs = sliceMsOf[slo.indicator.kind];
  const period = periodAt(slo.period, now).fromTime.getTime();
  const lookBackMs = Math.min(period, now.getTime() - periodLengthMs(slo.period));
  const startMs = Math.ceil(lookBackMs / sliceMs) * sliceMs;
  const { measuredUntil, sweptAt } = slo;
  const isSweep =
    measuredUntil === null || sweptAt === null || now.getTime() - sweptAt.getTime() >= sweepMs;
  if (isSweep) return { fromTime: new Date(startMs), isSweep };
  const open = await findOldestOpenSlice(ctx, slo.id, new Date(now.getTime() - dayMs));
  const recentMs = measuredUntil.getTime() - overlapSlices * sliceMs;
  const fromMs = Math.max(startMs, Math.min(open?.getTime() ?? recentMs, recentMs));
  return { fromTime: new Date(fromMs), isSweep };
}

/** Once the next slice has ended and settled, or some minutes from now where slices are long. */
function nextDue({ indicator }: SloRow, now: Date): Date {
  const sliceMs = sliceMsOf[indicator.kind];
  const nextMs = (Math.floor((now.getTime() - settleMs) / sliceMs) + 1) * sliceMs + settleMs;
  return new Date(Math.min(nextMs + 1_000, now.getTime() + 5 * minuteMs));
}

type AlertingBasics = Pick<AlertingOptions, "now" | "newId" | "publicUrl">;

/** Keeps how each urgency came out, and hands it to alerting, in one transaction. */
async function judgeBurn(
  scope: PostgresScope,
  sloId: string,
  alerting: AlertingBasics,
): Promise<void> {
  const { now } = alerting;
  const found = await findSloRow(scope, sloId);
  if (found === null) return;
  const { slo } = found;
  const budget = await readBudget(scope, slo, now);
  const burn = await readBurn(scope, slo, budget);
  const before = await listAlertStates(scope, sloId);
  const outcomes: SeriesOutcome[] = [];
  for (const urgency of burnUrgencies) {
    const pace = { remaining: budget.remaining, periodMs: periodLengthMs(slo.period) };
    const result = judgeSlo(burn, urgency, pace);
    if (result === null) continue;
    const since = before.find((state) => state.urgency === urgency)?.firingSince ?? null;
    await upsertAlertState(scope, {
      sloId,
      urgency,
      result,
      firingSince: firingSince(result, since, now),
      evaluatedAt: now,
    });
    const windowUntil = burn.untilTime ?? now;
    const windowFrom = new Date(windowUntil.getTime() - windowOf(burn, urgency));
    outcomes.push({ series: seriesOf(slo, urgency), windowFrom, windowUntil, result });
  }
  await applyOutcomes(
    scope.pg,
    {
      ...alerting,
      workspaceId: scope.workspaceId,
      monitorId: sloId,
      monitor: toAlertingMonitor(slo),
      revision: now.getTime(),
      freeze: (outcome) => freezeSlo(scope, found, outcome, now),
    },
    outcomes,
  );
}

/** The long window of the tier that speaks for an urgency, or of the fastest. */
function windowOf({ judged, countTier }: Burn, urgency: BurnUrgency): number {
  const tiers = judged.filter(({ tier }) => tier.urgency === urgency);
  const firing = tiers.find(({ verdict }) => verdict === "fire");
  return (firing ?? tiers[0])?.tier.longMs ?? countTier.windowMs;
}

/** To alerting an objective is a monitor with a series for each urgency, named in the place of a column. */
const seriesOf = ({ environment, version }: SloRow, urgency: BurnUrgency): MonitorSeries => ({
  environment,
  version: version ?? "",
  subject: "model",
  column: urgency,
  segmentKey: "",
  segmentValue: "",
});

function firingSince(result: SeriesResult, since: Date | null, now: Date): Date | null {
  if (result.kind !== "value" || result.judged === "between") return since;
  return result.judged === "fire" ? (since ?? now) : null;
}
