import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import type { ModelScope } from "./model.ts";
import { modelScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const volumeInput = modelScopeInput;

export const volumeOutput = z.object({
  model: z.string(),
  environment: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  rowCount: z.int(),
  previousRowCount: z.int(),
  labelCount: z.int(),
  rejectedCount: z.int(),
  bucketMs: z.int(),
  buckets: z.array(z.iso.datetime()),
  /** One line per version, rows per bucket; null where the bucket is not profiled yet. */
  versions: z.array(z.object({ version: z.string(), rowCounts: z.array(z.int().nullable()) })),
});
export type Volume = z.infer<typeof volumeOutput>;

export const volumeQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["volume", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/volume`,
        query: scope,
        output: volumeOutput,
        signal,
      }),
  });
