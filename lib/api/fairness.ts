import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  fairnessMeasureSchema,
  fairnessStateSchema,
  gapVerdictSchema,
} from "#lib/domain/fairness.ts";
import { taskSchema } from "#lib/domain/model.ts";
import type { ModelScope } from "./model.ts";
import { modelInput, modelScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

const attributeKey = z.string().min(1).max(128);

export const fairnessInput = modelScopeInput.extend({
  /** Which sensitive attribute; left out: the first that was marked. */
  attribute: attributeKey.optional(),
});

const attributeOutput = z.object({
  key: z.string(),
  isSensitive: z.boolean(),
  referenceValue: z.string().nullable(),
});
export type Attribute = z.infer<typeof attributeOutput>;

const gapOutput = z.object({
  /** Group less reference, with its 95 % interval. */
  difference: z.number(),
  lower: z.number(),
  upper: z.number(),
  /** Of selection rates: group over reference; null where the reference has none selected. */
  ratio: z.object({ value: z.number(), lower: z.number(), upper: z.number() }).nullable(),
  pValue: z.number(),
  /** Over all groups and measures, by Benjamini-Hochberg. */
  adjustedPValue: z.number(),
  verdict: gapVerdictSchema,
});

const measuredOutput = z.object({
  measure: fairnessMeasureSchema,
  /** Null: no row of the group can have it. */
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** Rows that it is taken over. */
  count: z.int(),
  /** Null: this is the reference, or one of the two has too few rows. */
  gap: gapOutput.nullable(),
});
export type Measured = z.infer<typeof measuredOutput>;

const groupOutput = z.object({
  /** "" are rows that do not state it, `*other*` the values past the hundred that are kept apart. */
  value: z.string(),
  isReference: z.boolean(),
  isComparable: z.boolean(),
  /** Rows with a decision; of a regression, labelled rows. */
  rowCount: z.int(),
  labelledCount: z.int(),
  measures: z.array(measuredOutput),
});
export type FairnessGroup = z.infer<typeof groupOutput>;

export const fairnessOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  task: taskSchema.nullable(),
  state: fairnessStateSchema,
  /** Every declared segment key; those that are sensitive can be judged. */
  attributes: z.array(attributeOutput),
  attribute: z.string().nullable(),
  classes: z.object({ positive: z.string(), negative: z.string() }).nullable(),
  /** `score`: a score of at least 0.5 is taken for being selected. */
  decisionSource: z.enum(["model", "score"]).nullable(),
  reference: z.object({ value: z.string(), endsByHand: z.boolean() }).nullable(),
  /** Most rows first. */
  groups: z.array(groupOutput),
  /** Largest less smallest rate over all groups with enough rows, as fairlearn defines them; null where fewer than two have. */
  summary: z
    .object({
      demographicParityDifference: z.number().nullable(),
      demographicParityRatio: z.number().nullable(),
      equalOpportunityDifference: z.number().nullable(),
      falsePositiveRateDifference: z.number().nullable(),
      equalizedOddsDifference: z.number().nullable(),
      predictiveParityDifference: z.number().nullable(),
      accuracyDifference: z.number().nullable(),
    })
    .nullable(),
  rule: z.object({
    rowCountMin: z.int(),
    ratioMin: z.number(),
    ratioMax: z.number(),
    differenceMax: z.number(),
    /** Of errors, in their own unit; null where they do not vary. */
    errorDifferenceMax: z.number().nullable(),
  }),
  /** Some hours of the window are still being worked out. */
  isWaiting: z.boolean(),
});
export type Fairness = z.infer<typeof fairnessOutput>;

export const updateAttributeInput = modelInput.extend({
  segmentKey: attributeKey,
  isSensitive: z.boolean(),
  /** Null: the most selected group, or of a regression the largest. */
  referenceValue: z.string().min(1).max(8_192).nullable().default(null),
});
export const updateAttributeOutput = attributeOutput;

const fairnessPath = (workspace: string, model: string) =>
  `${modelPath(workspace, model)}/fairness`;

export const fairnessQuery = (
  workspace: string,
  model: string,
  scope: ModelScope & { attribute?: string },
) =>
  queryOptions({
    queryKey: ["fairness", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: fairnessPath(workspace, model),
        query: scope,
        output: fairnessOutput,
        signal,
      }),
  });

export const updateAttribute = (
  workspace: string,
  model: string,
  segmentKey: string,
  body: { isSensitive: boolean; referenceValue: string | null },
) =>
  requestJson({
    path: `${fairnessPath(workspace, model)}/attributes/${encodeURIComponent(segmentKey)}`,
    method: "PATCH",
    body,
    output: updateAttributeOutput,
  });
