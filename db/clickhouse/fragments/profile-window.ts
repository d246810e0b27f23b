import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { bucketsOfPieces, periodsOf } from "./profile-period.ts";
import { segmentParams } from "./segment-scope.ts";

/** Of ten years by the hour. */
export const periodList = z.array(z.int()).max(4_000);

/** One version and segment over a window that is tiled by buckets of up to three grains: the lists stand side by side. */
export const profileWindowParams = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  version: z.string(),
  ...segmentParams,
  grains: z.array(grainSchema).min(1).max(5),
  fromSeconds: z.array(z.int()).min(1).max(5),
  untilSeconds: z.array(z.int()).min(1).max(5),
  periods: periodList,
});

/** Of all windows that one question is asked of. */
export const piecesMax = 500;
export const pieceList = <T extends z.ZodType>(one: T) => z.array(one).min(1).max(piecesMax);

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
    periods: periodsOf(pieces),
  };
}

/** The model, the tag and the tiling. */
export const windowPieceConditions = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND segment_key = {segmentKey: String} AND ${bucketsOfPieces}`;

export const pieceConditions = `${windowPieceConditions} AND segment_value = {segmentValue: String}`;

export const profileWindowConditions = `${pieceConditions}
      AND environment = {environment: String} AND version = {version: String}`;
