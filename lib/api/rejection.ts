import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import type { TimeRangeQuery } from "#lib/domain/time-range.ts";
import { timeRangeQuerySchema } from "#lib/domain/time-range.ts";
import { requestJson, workspacePath } from "./request.ts";

export const rejectionListInput = timeRangeQuerySchema.extend({
  model: z.string().max(128).optional(),
  code: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

export const rejectionListOutput = z.object({
  /** How many rows were refused in the window, by code, worst first. */
  counts: z.array(z.object({ code: z.string(), rowCount: z.int() })),
  rejections: z.array(
    z.object({
      receivedAt: z.iso.datetime(),
      endpoint: z.string(),
      model: z.string(),
      predictionId: z.string(),
      code: z.string(),
      path: z.string(),
      message: z.string(),
      row: z.string(),
    }),
  ),
});
export type RejectionList = z.infer<typeof rejectionListOutput>;

export const rejectionListQuery = (
  workspace: string,
  scope: TimeRangeQuery & { model?: string; code?: string },
) =>
  queryOptions({
    queryKey: ["rejection", workspace, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/rejections`,
        query: scope,
        output: rejectionListOutput,
        signal,
      }),
  });
