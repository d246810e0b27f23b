import type { z } from "zod";
import { skewSamples } from "#db/clickhouse/queries/skew-samples.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { SkewOutcome } from "#lib/domain/skew.ts";
import type { SkewValue } from "#lib/stats/skew/compare-values.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { readRawSegment } from "../segment/resolve-segment.ts";
import type { Tolerances } from "./read-tolerances.ts";
import { toleranceParamsOf } from "./read-tolerances.ts";

export interface SkewSample {
  predictionId: string;
  timestampMs: number;
  source: string;
  outcome: SkewOutcome;
  offline: SkewValue;
  served: SkewValue;
}

/** Enough to name what turned one side into the other. */
const samplesWanted = 1_000;
/** Each is a join of raw rows. */
const hoursMax = 3;

/** Differing predictions of the newest of these hours, the newest first. */
export async function readSamples(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  feature: string,
  hourStartsMs: readonly number[],
  tolerances: Tolerances,
): Promise<SkewSample[]> {
  const { modelId, environment, version } = scope;
  const segment = await readRawSegment(ctx, scope);
  const samples: SkewSample[] = [];
  const newest = [...hourStartsMs].sort((a, b) => b - a).slice(0, hoursMax);
  for (const startMs of newest) {
    if (samples.length >= samplesWanted) break;
    const rows = await ctx.ch.query(
      skewSamples,
      {
        modelId,
        environment,
        version,
        ...segment,
        ...toleranceParamsOf(tolerances),
        feature,
        fromTime: new Date(startMs),
        untilTime: new Date(startMs + grainMs["1h"]),
        limit: samplesWanted - samples.length,
      },
      ctx.signal,
    );
    samples.push(...rows.map(toSample));
  }
  return samples;
}

type SampleRow = z.output<(typeof skewSamples)["row"]>;

const outcomes: Record<number, SkewOutcome> = {
  2: "mismatch",
  3: "type_mismatch",
  4: "offline_only",
  5: "served_only",
};

function toSample(row: SampleRow): SkewSample {
  return {
    predictionId: row.predictionId,
    timestampMs: row.timestampMs,
    source: row.source,
    outcome: outcomes[row.outcome] ?? "mismatch",
    offline: toValue(row.offlineType, row.offlineNumber, row.offlineText),
    served: toValue(row.servedType, row.servedNumber, row.servedText),
  };
}

const notFinite = { nan: Number.NaN, "-nan": Number.NaN, inf: Infinity, "-inf": -Infinity };

function toValue(type: number, number: SampleRow["servedNumber"], text: string): SkewValue {
  if (type === 1) return typeof number === "string" ? notFinite[number] : number;
  if (type === 2) return text;
  return type === 3 ? number === 1 : null;
}
