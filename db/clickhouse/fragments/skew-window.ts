import { z } from "zod";
import { timesOfPieces } from "./profile-period.ts";
import { segmentConditions, segmentParams } from "./segment-scope.ts";

/** One version, or one segment of it, over a window that is tiled by days and hours: the lists stand side by side. */
export const skewWindowParams = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  version: z.string(),
  ...segmentParams,
  grains: z
    .array(z.enum(["1h", "1d"]))
    .min(1)
    .max(5),
  fromSeconds: z.array(z.int()).min(1).max(5),
  untilSeconds: z.array(z.int()).min(1).max(5),
});

/** What is looked up first is what the sort key has: the grains, then the outer bounds. */
export const skewWindowConditions = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND has({grains: Array(String)}, toString(grain)) AND environment = {environment: String} AND version = {version: String}
      AND ${segmentConditions}
      AND ${timesOfPieces}`;
