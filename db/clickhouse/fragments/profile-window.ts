import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { segmentParams } from "./segment-scope.ts";

/** One version and segment over a window that is tiled by buckets of up to three grains: the lists stand side by side. */
export const profileWindowParams = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  version: z.string(),
  ...segmentParams,
  grains: z.array(grainSchema).min(1).max(5),
  fromSeconds: z.array(z.int()).min(1).max(5),
  untilSeconds: z.array(z.int()).min(1).max(5),
});

/** Of all windows that one question is asked of. */
export const piecesMax = 500;

export interface WindowPieceTimes {
  grain: z.infer<typeof grainSchema>;
  fromTime: Date;
  untilTime: Date;
}

export function pieceParams(pieces: readonly WindowPieceTimes[]) {
  return {
    grains: pieces.map((piece) => piece.grain),
    fromSeconds: pieces.map((piece) => piece.fromTime.getTime() / 1000),
    untilSeconds: pieces.map((piece) => piece.untilTime.getTime() / 1000),
  };
}

/** The model, the tag and the tiling; what is looked up first (grain, then the outer bounds) is what the sort key has. */
export const windowPieceConditions = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND segment_key = {segmentKey: String} AND grain IN {grains: Array(String)}
      AND bucket >= toDateTime(arrayMin({fromSeconds: Array(UInt32)})) AND bucket < toDateTime(arrayMax({untilSeconds: Array(UInt32)}))
      AND arrayExists((g, f, u) -> toString(grain) = g AND toUInt32(bucket) >= f AND toUInt32(bucket) < u,
        {grains: Array(String)}, {fromSeconds: Array(UInt32)}, {untilSeconds: Array(UInt32)})`;

export const pieceConditions = `${windowPieceConditions} AND segment_value = {segmentValue: String}`;

export const profileWindowConditions = `${pieceConditions}
      AND environment = {environment: String} AND version = {version: String}`;
