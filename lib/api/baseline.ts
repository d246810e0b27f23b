import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { baselineMappingSchema } from "#lib/domain/baseline-mapping.ts";
import { baselineStateSchema } from "#lib/domain/model.ts";
import { modelInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const baselineSchema = z.object({
  id: z.uuid(),
  version: z.string(),
  name: z.string(),
  state: baselineStateSchema,
  sourceFormat: z.string(),
  sourceBytes: z.int(),
  rowCount: z.int(),
  mapping: baselineMappingSchema,
  error: z.string().nullable(),
  isActive: z.boolean(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  readyAt: z.iso.datetime().nullable(),
});
export type Baseline = z.infer<typeof baselineSchema>;

export const baselineListInput = modelInput;
export const baselineListOutput = z.object({ baselines: z.array(baselineSchema) });
export const activateBaselineInput = modelInput.extend({ baselineId: z.uuid() });
export const deleteBaselineInput = modelInput.extend({ baselineId: z.uuid() });

export const baselineListQuery = (workspace: string, model: string) =>
  queryOptions({
    queryKey: ["baseline", workspace, model],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/baselines`,
        output: baselineListOutput,
        signal,
      }),
  });

export const activateBaseline = (workspace: string, model: string, baselineId: string) =>
  requestJson({
    path: `${modelPath(workspace, model)}/baselines/${baselineId}/activate`,
    method: "POST",
    output: z.undefined(),
  });

export const deleteBaseline = (workspace: string, model: string, baselineId: string) =>
  requestJson({
    path: `${modelPath(workspace, model)}/baselines/${baselineId}`,
    method: "DELETE",
    output: z.undefined(),
  });

/** The file itself is the body of `POST {modelPath}/baselines`, with these as its query; progress comes from the upload. */
export const uploadBaselineQuery = z.object({
  version: z.string().min(1).max(128).default("unversioned"),
  name: z.string().min(1).max(128).default("training"),
  format: z.enum(["parquet", "csv", "ndjson"]),
  /** baselineMappingSchema, as JSON. */
  mapping: z.string().max(65_536).default("{}"),
});
export const uploadBaselineOutput = z.object({ baselineId: z.uuid(), state: baselineStateSchema });
