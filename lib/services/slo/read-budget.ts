import type { NamedSlo, SloRow } from "#db/postgres/queries/slo.ts";
import type { AlertStateRow, SliceSum } from "#db/postgres/queries/slo-slice.ts";
import { findSettledEnd, sumSlices } from "#db/postgres/queries/slo-slice.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { SloBudget, SloSummary } from "#lib/api/slo.ts";
import { budgetingMethodOf, sliceMsOf } from "#lib/domain/slo.ts";
import type { CountTier, JudgedTier, WindowCount } from "#lib/rules/burn-rate.ts";
import { deriveCountTier, deriveTiers, judgeCount, judgeTiers } from "#lib/rules/burn-rate.ts";
import { computeBudget } from "#lib/rules/error-budget.ts";
import { periodAt, periodLengthMs } from "#lib/rules/slo-period.ts";

/** Slices that nobody measured in a stretch since the first that was: what they were is not known. */
function absentCount(slo: SloRow, sum: SliceSum, untilMs: number): number {
  if (sum.firstFrom === null || budgetingMethodOf(slo.indicator.kind) === "occurrences") return 0;
  const sliceMs = sliceMsOf[slo.indicator.kind];
  const elapsed = Math.floor((untilMs - sum.firstFrom.getTime()) / sliceMs);
  return Math.max(0, elapsed - sum.sliceCount);
}

/** The budget of the period in which `now` lies, by the slices that are stored. */
export async function readBudget(scope: PostgresScope, slo: SloRow, now: Date): Promise<SloBudget> {
  const period = periodAt(slo.period, now);
  const [sum] = await sumSlices(scope, slo.id, [period]);
  if (sum === undefined) throw new Error("One stretch became none.");
  const untilMs = Math.min(
    slo.measuredUntil?.getTime() ?? period.fromTime.getTime(),
    period.untilTime.getTime(),
  );
  const counts = {
    settledGood: sum.settledGood,
    settledBad: sum.settledBad,
    provisionalGood: sum.provisionalGood,
    provisionalBad: sum.provisionalBad,
    unmeasured: sum.unmeasured + absentCount(slo, sum, untilMs),
  };
  const totalCount = totalOf(slo, counts, sum.idleCount, period);
  return {
    from: period.fromTime.toISOString(),
    until: period.untilTime.toISOString(),
    ...counts,
    totalCount,
    ...computeBudget(counts, { objective: slo.objective, totalCount }),
  };
}

type Counts = Pick<
  SloBudget,
  "settledGood" | "settledBad" | "provisionalGood" | "provisionalBad" | "unmeasured"
>;

/** Of time slices all that the period holds, but for those in which nothing could be good or bad; of events those that came. */
function totalOf(
  { indicator }: SloRow,
  counts: Counts,
  idleCount: number,
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
): number {
  if (budgetingMethodOf(indicator.kind) === "occurrences")
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  const sliceCount = (untilTime.getTime() - fromTime.getTime()) / sliceMsOf[indicator.kind];
  return Math.max(0, Math.round(sliceCount) - idleCount);
}

export interface Burn {
  /** Where the windows end: what came later is not settled yet. Null: nothing is. */
  untilTime: Date | null;
  tiers: ReturnType<typeof deriveTiers>;
  judged: JudgedTier[];
  countTier: CountTier;
  count: WindowCount;
  countVerdict: ReturnType<typeof judgeCount>;
}

/** How fast the budget burns in the windows of every tier. They end with the last slice that is settled: early labels are no sample of
 *  those that come, and a page must not hang on them. What in the windows is not settled is not known. */
export async function readBurn(
  scope: PostgresScope,
  slo: SloRow,
  budget: SloBudget,
): Promise<Burn> {
  const { objective, badCountMin, indicator } = slo;
  const periodMs = periodLengthMs(slo.period);
  const tiers = deriveTiers({ objective, periodMs, cadenceMs: sliceMsOf[indicator.kind] });
  const { totalCount } = budget;
  const countTier = deriveCountTier({ objective, periodMs, totalCount, badCountMin });
  const windows = [
    ...new Set([
      ...tiers.flatMap(({ longMs, shortMs, refusal }) =>
        refusal === null ? [longMs, shortMs] : [],
      ),
      countTier.windowMs,
    ]),
  ];
  const settledUntil = await findSettledEnd(scope, slo.id);
  const untilTime = settledUntil ?? slo.createdAt;
  const stretches = windows.map((ms) => ({
    fromTime: new Date(untilTime.getTime() - ms),
    untilTime,
  }));
  const sums = await sumSlices(scope, slo.id, stretches);
  const counts = new Map(
    windows.map((ms, i) => [ms, toWindowCount(slo, sums[i], untilTime.getTime())]),
  );
  const countIn = (ms: number) => counts.get(ms) ?? nothing;
  const count = countIn(countTier.windowMs);
  return {
    untilTime: settledUntil,
    tiers,
    judged: judgeTiers(tiers, countIn, { objective, badCountMin }),
    countTier,
    count,
    countVerdict: judgeCount(countTier, count),
  };
}

const nothing: WindowCount = { goodCount: 0, badCount: 0, unmeasuredCount: 0 };

function toWindowCount(slo: SloRow, sum: SliceSum | undefined, untilMs: number): WindowCount {
  if (sum === undefined) return nothing;
  const { settledGood, settledBad, provisionalGood, provisionalBad, unmeasured } = sum;
  const open = provisionalGood + provisionalBad + unmeasured;
  return {
    goodCount: settledGood,
    badCount: settledBad,
    unmeasuredCount: open + absentCount(slo, sum, untilMs),
  };
}

export function toSummary(
  { slo, model }: NamedSlo,
  budget: SloBudget,
  states: readonly AlertStateRow[],
): SloSummary {
  const burning = (["page", "ticket"] as const).find((urgency) =>
    states.some(
      (state) => state.sloId === slo.id && state.urgency === urgency && state.firingSince !== null,
    ),
  );
  return {
    id: slo.id,
    name: slo.name,
    description: slo.description,
    model,
    environment: slo.environment,
    version: slo.version,
    indicator: slo.indicator,
    objective: slo.objective,
    period: slo.period,
    badCountMin: slo.badCountMin,
    destinationIds: slo.destinationIds,
    isEnabled: slo.isEnabled,
    revision: slo.revision,
    budget,
    burning: burning ?? null,
    measuredUntil: slo.measuredUntil?.toISOString() ?? null,
    error: slo.error,
  };
}
