import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { taskSchema } from "#lib/domain/model.ts";
import type { DriftReferenceQuery } from "./drift.ts";
import { driftReferenceInput, driftReferenceOutput, referenceLackOutput } from "./drift.ts";
import type { ModelScope } from "./model.ts";
import { modelInput, modelScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

/** A tag's name, as rows carry it. */
const segmentKeySchema = z.string().min(1).max(128);

export const segmentKeysInput = modelInput;

export const segmentKeysOutput = z.object({
  keys: z.array(
    z.object({
      key: z.string(),
      declaredAt: z.iso.datetime(),
      /** Its values that have been profiled, at most 100 and `*other*`; "" are the rows without the tag. Newest first. */
      values: z.array(z.object({ value: z.string(), lastSeenAt: z.iso.datetime() })),
    }),
  ),
  keysMax: z.int(),
  valuesPerKeyMax: z.int(),
});
export type SegmentKeys = z.infer<typeof segmentKeysOutput>;

export const segmentSuggestionsOutput = z.object({
  /** Tags of stored rows that are not declared; those with most rows first, at most 50. */
  suggestions: z.array(
    z.object({
      key: z.string(),
      /** Distinct values, and rows that carry it, among the rows that were looked at. */
      valueCount: z.int(),
      rowCount: z.int(),
    }),
  ),
  /** How many of the newest day's rows were looked at. */
  rowCount: z.int(),
});

export const createSegmentKeyInput = modelInput.extend({ segmentKey: segmentKeySchema });

/** Hours of stored rows that are now profiled by the key. */
export const createSegmentKeyOutput = z.object({ key: z.string(), backfillHourCount: z.int() });

export const deleteSegmentKeyInput = modelInput.extend({ segmentKey: segmentKeySchema });

const segmentPath = (workspace: string, model: string) => `${modelPath(workspace, model)}/segments`;

export const segmentKeysQuery = (workspace: string, model: string) =>
  queryOptions({
    queryKey: ["segment", workspace, model, "keys"],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${segmentPath(workspace, model)}/keys`,
        output: segmentKeysOutput,
        signal,
      }),
  });

export const segmentSuggestionsQuery = (workspace: string, model: string) =>
  queryOptions({
    queryKey: ["segment", workspace, model, "suggestions"],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${segmentPath(workspace, model)}/suggestions`,
        output: segmentSuggestionsOutput,
        signal,
      }),
  });

export const createSegmentKey = (workspace: string, model: string, segmentKey: string) =>
  requestJson({
    path: `${segmentPath(workspace, model)}/keys`,
    method: "POST",
    body: { segmentKey },
    output: createSegmentKeyOutput,
  });

export const deleteSegmentKey = (workspace: string, model: string, segmentKey: string) =>
  requestJson({
    path: `${segmentPath(workspace, model)}/keys/${encodeURIComponent(segmentKey)}`,
    method: "DELETE",
    output: z.undefined(),
  });

/** One tag's values side by side; `segmentKey` left out: the first that was declared. */
export const segmentListInput = modelScopeInput.extend({
  ...driftReferenceInput.shape,
  segmentKey: segmentKeySchema.optional(),
});

const countsSchema = z.object({
  size: z.int(),
  foundCount: z.int(),
  cannotSayCount: z.int(),
});

export const segmentRowSchema = z.object({
  value: z.string(),
  rowCount: z.int(),
  share: z.number(),
  /** The newest row of the window. */
  lastSeenAt: z.iso.datetime().nullable(),
  /** Its share of the reference's rows, and how far it moved, with 95 % (Newcombe); the p-value is adjusted for all values. Null
   *  where there is nothing to compare with. */
  mix: z
    .object({
      referenceRowCount: z.int(),
      referenceShare: z.number(),
      difference: z.number(),
      lower: z.number(),
      upper: z.number(),
      adjustedPValue: z.number(),
    })
    .nullable(),
  /** As on the drift page of this segment: features and outputs judged as one family. Null where nothing can be compared. */
  drift: countsSchema.nullable(),
  /** Features and outputs with a problem over the whole window. */
  quality: countsSchema.nullable(),
  /** Missing values of all features over their rows; null without features. */
  missingShare: z.number().nullable(),
  /** Null while the model's task is not known. */
  performance: z
    .object({
      labelledCount: z.int(),
      /** Of the metric; null: undefined, since no label has come. */
      value: z.number().nullable(),
      lower: z.number().nullable(),
      upper: z.number().nullable(),
      /** All rows outside the segment. */
      restValue: z.number().nullable(),
      difference: z.number().nullable(),
      differenceLower: z.number().nullable(),
      differenceUpper: z.number().nullable(),
      adjustedPValue: z.number().nullable(),
    })
    .nullable(),
});
export type SegmentRow = z.infer<typeof segmentRowSchema>;

export const segmentListOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Null: no key is declared. */
  segmentKey: z.string().nullable(),
  segmentKeys: z.array(z.string()),
  rowCount: z.int(),
  /** The share of the window's hours whose rows are not all in these figures yet, as while a backfill is profiled. */
  waitingShare: z.number(),
  reference: driftReferenceOutput.nullable(),
  referenceLack: referenceLackOutput,
  task: taskSchema.nullable(),
  /** What performance is shown by. */
  metric: z.enum(["accuracy", "mae", "ndcg@10"]).nullable(),
  /** Every value with rows in the window or in the reference, most rows first. */
  values: z.array(segmentRowSchema),
  /** Values that are compared feature by feature; the smaller ones are counted and judged by their labels alone. */
  comparedCount: z.int(),
  falseDiscoveryRate: z.number(),
});
export type SegmentList = z.infer<typeof segmentListOutput>;

export const worstSegmentsInput = modelScopeInput;

export const worstSegmentsOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  segmentKeys: z.array(z.string()),
  /** `found`, `none`: all were tested, and none is worse by more than chance; `cannot_say`: as `reason` says. */
  state: z.enum(["found", "none", "cannot_say"]),
  reason: z.string().nullable(),
  loss: z.enum(["error_rate", "absolute_error"]).nullable(),
  /** Labelled rows that were looked at, and which share of the window's that is. */
  rowCount: z.int(),
  sampledShare: z.number(),
  meanLoss: z.number().nullable(),
  /** Segments with fewer rows are not tested. */
  countMin: z.int(),
  /** How many were tested together, and the bound on their false findings. */
  candidateCount: z.int(),
  falseDiscoveryRate: z.number(),
  findingCount: z.int(),
  /** The worst first, at most 20. */
  findings: z.array(
    z.object({
      conditions: z.array(z.object({ key: z.string(), value: z.string() })),
      rowCount: z.int(),
      loss: z.number(),
      lower: z.number().nullable(),
      upper: z.number().nullable(),
      restRowCount: z.int(),
      restLoss: z.number(),
      difference: z.number(),
      differenceLower: z.number(),
      differenceUpper: z.number(),
      pValue: z.number(),
      adjustedPValue: z.number(),
    }),
  ),
});
export type WorstSegments = z.infer<typeof worstSegmentsOutput>;

export const segmentListQuery = (
  workspace: string,
  model: string,
  scope: ModelScope & DriftReferenceQuery & { segmentKey?: string },
) =>
  queryOptions({
    queryKey: ["segment", workspace, model, "list", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: segmentPath(workspace, model),
        query: scope,
        output: segmentListOutput,
        signal,
      }),
  });

export const worstSegmentsQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["segment", workspace, model, "worst", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${segmentPath(workspace, model)}/worst`,
        query: scope,
        output: worstSegmentsOutput,
        signal,
      }),
  });
