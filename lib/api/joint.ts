import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { jointResultSchema } from "#lib/domain/joint-result.ts";
import { modelPath, requestJson } from "./request.ts";

export const jointInput = z.object({
  model: z.string().min(1).max(128),
  environment: z.string().min(1).max(128).default("production"),
  version: z.string().min(1).max(128).optional(),
});

export const jointOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  /** The newest evaluation of all features together; null before the first, which needs a whole day and a baseline. */
  newest: z
    .object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      computedAt: z.iso.datetime(),
      result: jointResultSchema,
    })
    .nullable(),
});
export type Joint = z.infer<typeof jointOutput>;

export const jointQuery = (
  workspace: string,
  model: string,
  scope: { environment?: string; version?: string },
) =>
  queryOptions({
    queryKey: ["joint", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/drift/joint`,
        query: scope,
        output: jointOutput,
        signal,
      }),
  });
