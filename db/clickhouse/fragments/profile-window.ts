import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { segmentConditions, segmentParams } from "./segment-scope.ts";

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

export const windowListLimits = { piecesMax: 500, rowsMax: 20_000 } as const;

const pieceList = <T extends z.ZodType>(one: T) =>
  z.array(one).min(1).max(windowListLimits.piecesMax);

/** Many windows at once: the lists name the window that each piece is of. */
export const windowListParams = {
  windowIndexes: pieceList(z.int().min(0)),
  grains: pieceList(grainSchema),
  fromSeconds: pieceList(z.int()),
  untilSeconds: pieceList(z.int()),
};

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

/** The model and the tiling; what is looked up first (grain, then the outer bounds) is what the sort key has. */
export const pieceConditions = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND ${segmentConditions} AND grain IN {grains: Array(String)}
      AND bucket >= toDateTime(arrayMin({fromSeconds: Array(UInt32)})) AND bucket < toDateTime(arrayMax({untilSeconds: Array(UInt32)}))
      AND arrayExists((g, f, u) -> toString(grain) = g AND toUInt32(bucket) >= f AND toUInt32(bucket) < u,
        {grains: Array(String)}, {fromSeconds: Array(UInt32)}, {untilSeconds: Array(UInt32)})`;

export const profileWindowConditions = `${pieceConditions}
      AND environment = {environment: String} AND version = {version: String}`;
