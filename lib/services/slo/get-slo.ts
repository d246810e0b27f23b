import { listAlertStates, listWorseSlices, sumSlices } from "#db/postgres/queries/slo-slice.ts";
import { sloInput, sloOutput } from "#lib/api/slo.ts";
import { sliceMsOf } from "#lib/domain/slo.ts";
import { sayBudget } from "#lib/rules/say-budget.ts";
import { periodLengthMs } from "#lib/rules/slo-period.ts";
import { defineService } from "../define-service.ts";
import { getSloRow } from "./get-slo-row.ts";
import { readBudget, readBurn, toSummary } from "./read-budget.ts";

const pointsMax = 120;
const slicesMax = 50;

export const getSlo = defineService({
  name: "getSlo",
  role: "viewer",
  input: sloInput,
  output: sloOutput,
  writes: false,
  async run(ctx, { sloId }) {
    const named = await getSloRow(ctx, sloId);
    const { slo } = named;
    const budget = await readBudget(ctx, slo, ctx.now);
    const burn = await readBurn(ctx, slo, budget);
    const columns = cutPeriod(
      Date.parse(budget.from),
      Math.min(Date.parse(budget.until), ctx.now.getTime()),
      sliceMsOf[slo.indicator.kind],
    );
    const sums = await sumSlices(ctx, sloId, columns);
    const summary = toSummary(named, budget, await listAlertStates(ctx, sloId));
    const worse = await listWorseSlices(ctx, sloId, slicesMax);
    return {
      ...summary,
      points: columns.map(({ fromTime, untilTime }, i) => ({
        from: fromTime.toISOString(),
        until: untilTime.toISOString(),
        settledGood: sums[i]?.settledGood ?? 0,
        settledBad: sums[i]?.settledBad ?? 0,
        provisionalGood: sums[i]?.provisionalGood ?? 0,
        provisionalBad: sums[i]?.provisionalBad ?? 0,
        unmeasured: sums[i]?.unmeasured ?? 0,
      })),
      judgedUntil: burn.untilTime?.toISOString() ?? null,
      tiers: burn.tiers.map((tier) => {
        const found = burn.judged.find((one) => one.tier.name === tier.name);
        return {
          ...tier,
          long: found?.long ?? null,
          short: found?.short ?? null,
          verdict: found?.verdict ?? null,
          inhibitedBy: found?.inhibitedBy ?? null,
        };
      }),
      countTier: {
        ...burn.countTier,
        badCount: burn.count.badCount,
        unmeasuredCount: burn.count.unmeasuredCount,
        verdict: burn.countVerdict,
      },
      sentence: sayBudget(budget, burn.judged, periodLengthMs(slo.period)),
      slices: worse.map(({ sliceFrom, sliceUntil, ...slice }) => ({
        ...slice,
        from: sliceFrom.toISOString(),
        until: sliceUntil.toISOString(),
      })),
    };
  },
});

/** At most so many stretches of whole slices; the last may be shorter. */
function cutPeriod(fromMs: number, untilMs: number, sliceMs: number) {
  const startMs = Math.floor(fromMs / sliceMs) * sliceMs;
  const stepMs = Math.max(1, Math.ceil((untilMs - startMs) / sliceMs / pointsMax)) * sliceMs;
  const columns: { fromTime: Date; untilTime: Date }[] = [];
  for (let at = startMs; at < untilMs; at += stepMs)
    columns.push({ fromTime: new Date(at), untilTime: new Date(Math.min(at + stepMs, untilMs)) });
  return columns;
}
