import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { quantilesOfHistogram } from "#lib/stats/histogram-quantiles.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { totalCountOf } from "#lib/stats/numeric-histogram.ts";
import { lackOfRows } from "./read-drift.ts";
import { readSides } from "./read-sides.ts";
import type { KindReader, ReadContext, Reading, SeriesReading, Watch } from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** Milliseconds that are kept as profiles: latencies, how late events came, how old feature values were; of the values of each window,
 *  their mean or a quantile. */
export async function readSpreads(
  ctx: ReadContext,
  watch: Watch,
  windows: readonly WindowTimes[],
  subject: "latency" | "event_lag" | "feature_age",
): Promise<SeriesReading[][]> {
  const { target, statistic, sampleMin } = watch.question.definition;
  const found: SeriesReading[][] = windows.map(() => []);
  for (const side of watch.sides) {
    const sides = await readSides(ctx, watch, side, windows, {
      subjects: [subject],
      ...(target.kind === "feature" ? { features: [target.feature ?? ""] } : {}),
    });
    for (const [i, window] of windows.entries()) {
      const here = sides[i];
      const keys = (here?.keys ?? []).filter((key) => key.subject === subject);
      if (keys.length === 0) {
        const reason = here?.rowCount ? "no row carries it" : "no rows came";
        if (side.isExpected(window)) found[i]?.push(unknownOf(watch, side, reason));
      }
      for (const { feature, profile } of keys) {
        const series =
          subject === "feature_age" ? seriesOf(side, "feature", feature) : seriesOf(side);
        found[i]?.push({ series, reading: toReading(profile, statistic, sampleMin) });
      }
    }
  }
  return found;
}

export const readLatency: KindReader = (ctx, watch, windows) =>
  readSpreads(ctx, watch, windows, "latency");

const shares: Readonly<Record<string, number>> = {
  p50: 0.5,
  p95: 0.95,
  p99: 0.99,
  event_lag_p95: 0.95,
  feature_age_p95: 0.95,
};

function toReading(profile: FeatureProfile, statistic: string, sampleMin: number): Reading {
  const count = totalCountOf(profile);
  if (count < sampleMin) return { kind: "no_data", reason: lackOfRows(count, sampleMin) };
  const share = shares[statistic];
  const found = share === undefined ? meanOf(profile, count) : quantileOf(profile, count, share);
  return found === null
    ? { kind: "no_data", reason: "no row carries it" }
    : { kind: "value", sampleCount: count, ...found };
}

function meanOf({ mean, m2, numericCount }: FeatureProfile, count: number) {
  const error =
    numericCount < 2 ? null : NORMAL_QUANTILE_975 * Math.sqrt(m2 / (numericCount - 1) / count);
  return {
    value: mean,
    lower: error === null ? null : mean - error,
    upper: error === null ? null : mean + error,
  };
}

/** With the order statistics between which the quantile lies in 95 of 100. */
function quantileOf(profile: FeatureProfile, count: number, share: number) {
  const reach = NORMAL_QUANTILE_975 * Math.sqrt((share * (1 - share)) / count);
  const asked = [share, Math.max(0, share - reach), Math.min(1, share + reach)];
  const [value, lower, upper] = quantilesOfHistogram(profile, profile.minimum, asked) ?? [];
  if (value === undefined || lower === undefined || upper === undefined) return null;
  return { value, lower, upper };
}
