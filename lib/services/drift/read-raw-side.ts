import { baselineValueCounts, windowValueCounts } from "#db/clickhouse/queries/value-counts.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { readRawSegment } from "../segment/resolve-segment.ts";
import type { Reference } from "./read-reference.ts";

/** Values of one key on one side, as the raw rows have them: each with how often it occurs. */
export interface RawSide {
  numbers: readonly number[];
  numberCounts: readonly number[];
  names: readonly string[];
  nameCounts: readonly number[];
}

/** Where the rows of a side are found. */
export type RawSource = RawSegment &
  (
    | { kind: "baseline"; modelId: string; baselineId: string }
    | {
        kind: "window";
        modelId: string;
        environment: string;
        version: string;
        fromTime: Date;
        untilTime: Date;
      }
  );

type RawSegment = Awaited<ReturnType<typeof readRawSegment>>;

/** Rows of one side that are read at most; beyond it the answer says so. */
export const rawRowsMax = 1_000_000;

export interface RawKey {
  subject: "feature" | "prediction";
  feature: string;
}

export function windowSource(scope: ResolvedScope, segment: RawSegment): RawSource {
  const { modelId, environment, version, window } = scope;
  const { fromTime, untilTime } = window;
  return { kind: "window", modelId, environment, version, fromTime, untilTime, ...segment };
}

export function referenceSource(
  scope: ResolvedScope,
  { described }: Pick<Reference, "described">,
  segment: RawSegment,
): RawSource {
  const { modelId, environment } = scope;
  if (described.baselineId !== null)
    return { kind: "baseline", modelId, baselineId: described.baselineId, ...segment };
  return {
    kind: "window",
    modelId,
    environment,
    version: described.version ?? scope.version,
    fromTime: new Date(described.from ?? 0),
    untilTime: new Date(described.until ?? 0),
    ...segment,
  };
}

export async function readRawSide(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  source: RawSource,
  key: RawKey,
): Promise<RawSide> {
  const params = { ...key, valuesMax: rawRowsMax };
  const rows =
    source.kind === "baseline"
      ? await ctx.ch.query(baselineValueCounts, { ...params, ...source }, ctx.signal)
      : await ctx.ch.query(windowValueCounts, { ...params, ...source }, ctx.signal);
  return rows[0] ?? { numbers: [], numberCounts: [], names: [], nameCounts: [] };
}
