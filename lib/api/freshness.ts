import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { freshnessObjectiveSchema } from "#lib/domain/quality.ts";
import type { ModelScope } from "./model.ts";
import { modelInput, modelScopeInput, segmentOutput, segmentScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const freshnessInput = segmentScopeInput;

const spreadSchema = z.object({
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  maximum: z.number(),
});

const attained = z.enum(["met", "missed", "cannot_say"]);

const attainmentSchema = z.object({
  /** Rows of the window, and those that came within the promised time of being made. */
  rowCount: z.int(),
  rowsWithinLeast: z.int(),
  rowsWithinMost: z.int(),
  rows: attained,
  /** Five-minute slices, and those at whose end a row of the promised age was there. */
  slicesFrom: z.iso.datetime(),
  sliceCount: z.int(),
  freshSliceCount: z.int(),
  unknownSliceCount: z.int(),
  slices: attained,
});

export const freshnessOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Newest time of a prediction, whatever the window. */
  lastEventAt: z.iso.datetime().nullable(),
  lastReceivedAt: z.iso.datetime().nullable(),
  /** Received minus made, in ms; null without rows. */
  eventLagMs: spreadSchema.nullable(),
  bucketMs: z.int(),
  series: z.array(
    z.object({
      from: z.iso.datetime(),
      rowCount: z.int().nullable(),
      lagP50Ms: z.number().nullable(),
      lagP99Ms: z.number().nullable(),
    }),
  ),
  features: z.array(
    z.object({
      feature: z.string(),
      lastSeenAt: z.iso.datetime().nullable(),
      /** The newest `feature_timestamps` value; null when none was ever logged for it. */
      newestFeatureAt: z.iso.datetime().nullable(),
      ageMs: spreadSchema.nullable(),
      rowCount: z.int(),
      missingShare: z.number().nullable(),
      /** In all of history, not only in this window. */
      lastSeenEverAt: z.iso.datetime().nullable(),
    }),
  ),
  /** The newest rows of every declared segment, whichever is asked about. */
  segments: z.array(z.object({ key: z.string(), value: z.string(), lastSeenAt: z.iso.datetime() })),
  /** What was promised of this model; null: nothing. */
  objective: freshnessObjectiveSchema.nullable(),
  /** How far it was kept; null without an objective. */
  attainment: attainmentSchema.nullable(),
  /** The share of rows whose time is that of their receipt, as where a sender gives none: at most, since a row may be that fast. */
  receiptTimedShareMost: z.number().nullable(),
});
export type Freshness = z.infer<typeof freshnessOutput>;

export const freshnessQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["freshness", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/freshness`,
        query: scope,
        output: freshnessOutput,
        signal,
      }),
  });

export const labelDelayInput = modelScopeInput;
export const labelDelayOutput = z.object({
  /** Labels of the window that were looked at, and those among them whose prediction is not stored. */
  sampleCount: z.int(),
  unmatchedCount: z.int(),
  /** Receipt of the first label minus the time of the prediction, in ms; null where none could be matched. */
  delayMs: z.object({ p50: z.number(), p90: z.number(), maximum: z.number() }).nullable(),
});
export type LabelDelay = z.infer<typeof labelDelayOutput>;

export const labelDelayQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["freshness", workspace, model, "labels", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/freshness/labels`,
        query: scope,
        output: labelDelayOutput,
        signal,
      }),
  });

export const updateObjectiveInput = modelInput.extend({
  /** Null takes it away. */
  objective: freshnessObjectiveSchema.nullable(),
});

export const updateFreshnessObjective = (
  workspace: string,
  model: string,
  objective: z.infer<typeof freshnessObjectiveSchema> | null,
) =>
  requestJson({
    path: `${modelPath(workspace, model)}/freshness/objective`,
    method: "PATCH",
    body: { objective },
    output: z.undefined(),
  });
