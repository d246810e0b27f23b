import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { featureTypeSchema, provenanceSchema, taskSchema } from "#lib/domain/model.ts";
import type { TimeRangeQuery } from "#lib/domain/time-range.ts";
import { timeRangeQuerySchema } from "#lib/domain/time-range.ts";
import { modelPath, requestJson, workspacePath } from "./request.ts";

/** What every page of a model asks with. `version` left out means the newest one seen in the environment. */
export const modelScopeInput = timeRangeQuerySchema.extend({
  model: z.string().min(1).max(128),
  environment: z.string().min(1).max(128).default("production"),
  version: z.string().min(1).max(128).optional(),
});
export type ModelScope = TimeRangeQuery & {
  environment?: string;
  version?: string;
  segmentKey?: string;
  segmentValue?: string;
};

/** What may be asked of one segment: a declared tag and one of its values, both or neither. The empty value is that of the rows
 *  without the tag, `*other*` that of all values which are not profiled by name. */
export const segmentScopeInput = modelScopeInput.extend({
  segmentKey: z.string().max(128).optional(),
  segmentValue: z.string().max(8_192).optional(),
});

/** Null: of all rows. */
export const segmentOutput = z.object({ key: z.string(), value: z.string() }).nullable();

export const modelInput = z.object({ model: z.string().min(1).max(128) });

export const modelOutput = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  task: taskSchema.nullable(),
  taskProvenance: provenanceSchema,
  tier: z.int(),
  firstSeenAt: z.iso.datetime(),
  versions: z.array(
    z.object({
      environment: z.string(),
      version: z.string(),
      firstSeenAt: z.iso.datetime(),
      lastSeenAt: z.iso.datetime(),
      hasBaseline: z.boolean(),
    }),
  ),
  features: z.array(
    z.object({
      name: z.string(),
      type: featureTypeSchema,
      provenance: provenanceSchema,
      firstSeenAt: z.iso.datetime(),
      lastSeenAt: z.iso.datetime(),
    }),
  ),
});
export type Model = z.infer<typeof modelOutput>;

export const modelListOutput = z.object({
  models: z.array(z.object({ id: z.uuid(), name: z.string(), task: taskSchema.nullable() })),
});

export const updateModelInput = modelInput.extend({
  description: z.string().max(2_000).optional(),
  task: taskSchema.optional(),
  tier: z.int().min(1).max(5).optional(),
});

export const updateFeatureInput = modelInput.extend({
  feature: z.string().min(1).max(128),
  type: featureTypeSchema,
});

/** The types as they were seen: one that was confirmed meanwhile is left alone. */
export const acceptFeaturesInput = modelInput.extend({
  features: z
    .array(z.object({ feature: z.string().min(1).max(128), type: featureTypeSchema }))
    .min(1)
    .max(5_000),
});
export const acceptFeaturesOutput = z.object({ acceptedCount: z.int() });

export const modelQuery = (workspace: string, model: string) =>
  queryOptions({
    queryKey: ["model", workspace, model],
    queryFn: ({ signal }) =>
      requestJson({ path: modelPath(workspace, model), output: modelOutput, signal }),
  });

export const modelListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["model", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: `${workspacePath(workspace)}/models`, output: modelListOutput, signal }),
  });

export const updateModel = (
  workspace: string,
  model: string,
  body: Omit<z.input<typeof updateModelInput>, "model">,
) => requestJson({ path: modelPath(workspace, model), method: "PATCH", body, output: modelOutput });

export const updateFeature = (
  workspace: string,
  model: string,
  feature: string,
  type: z.infer<typeof featureTypeSchema>,
) =>
  requestJson({
    path: `${modelPath(workspace, model)}/features/${encodeURIComponent(feature)}`,
    method: "PATCH",
    body: { type },
    output: z.undefined(),
  });

export const acceptFeatures = (
  workspace: string,
  model: string,
  features: z.input<typeof acceptFeaturesInput>["features"],
) =>
  requestJson({
    path: `${modelPath(workspace, model)}/features/accept`,
    method: "POST",
    body: { features },
    output: acceptFeaturesOutput,
  });
