import type { NamedSlo } from "#db/postgres/queries/slo.ts";
import { sumSlices } from "#db/postgres/queries/slo-slice.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import type { SeriesOutcome } from "#lib/domain/monitor.ts";

const stretchCount = 48;

/** Why an objective's alert began to fire: how much was bad over its long window, stretch by stretch, and the promise as it was. */
export async function freezeSlo(
  scope: PostgresScope,
  { slo, model }: NamedSlo,
  { series, windowFrom, windowUntil, result }: SeriesOutcome,
  now: Date,
): Promise<FrozenEvidence> {
  if (result.kind !== "value") throw new Error("What is unknown does not fire.");
  const stepMs = (windowUntil.getTime() - windowFrom.getTime()) / stretchCount;
  const stretches = Array.from({ length: stretchCount }, (_, i) => ({
    fromTime: new Date(windowFrom.getTime() + i * stepMs),
    untilTime: new Date(windowFrom.getTime() + (i + 1) * stepMs),
  }));
  const sums = await sumSlices(scope, slo.id, stretches);
  const { indicator, objective, period, badCountMin } = slo;
  return {
    schemaVersion: 1,
    frozenAt: now.toISOString(),
    sentence: result.sentence,
    monitor: {
      id: slo.id,
      name: slo.name,
      kind: "slo",
      revision: slo.revision,
      settings: { indicator, objective, period, badCountMin },
    },
    model: { id: slo.modelId, name: model },
    series,
    statistic: "burn rate",
    unit: "times the even pace",
    value: result.value,
    lower: result.lower,
    upper: result.upper,
    fireThreshold: result.fireThreshold,
    clearThreshold: result.clearThreshold,
    window: {
      from: windowFrom.toISOString(),
      until: windowUntil.toISOString(),
      rowCount: result.sampleCount,
      sampleCount: result.sampleCount,
    },
    reference: null,
    distribution: null,
    history: stretches.map(({ fromTime, untilTime }, i) => {
      const bad = (sums[i]?.settledBad ?? 0) + (sums[i]?.provisionalBad ?? 0);
      const good = (sums[i]?.settledGood ?? 0) + (sums[i]?.provisionalGood ?? 0);
      const sampleCount = bad + good;
      const value = sampleCount === 0 ? null : bad / sampleCount / (1 - objective);
      return {
        from: fromTime.toISOString(),
        until: untilTime.toISOString(),
        value,
        lower: null,
        upper: null,
        sampleCount,
      };
    }),
    query: null,
  };
}
