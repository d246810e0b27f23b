import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { featureTypeSchema, profileSubjectSchema } from "#lib/domain/model.ts";
import {
  declaredExpectationSchema,
  qualityCheckSchema,
  qualityOutcomeSchema,
  qualityVerdictSchema,
  schemaChangeSchema,
} from "#lib/domain/quality.ts";
import type { DriftReferenceQuery } from "./drift.ts";
import { driftReferenceInput, driftReferenceOutput, referenceLackOutput } from "./drift.ts";
import type { ModelScope } from "./model.ts";
import { modelInput, modelScopeInput, segmentOutput, segmentScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const qualityInput = segmentScopeInput.extend(driftReferenceInput.shape);

const qualityCheckOutput = z.object({
  check: qualityCheckSchema,
  /** `declared`: a person said what is right, and a share above it needs no comparison. */
  measure: z.enum(["baseline", "declared"]),
  outcome: qualityOutcomeSchema,
  /** Rows that are bad; for `constant` those with the most frequent value. Known at least; at most `windowCountMost`. */
  windowCount: z.int(),
  windowCountMost: z.int(),
  windowTotal: z.int(),
  baselineCount: z.int().nullable(),
  baselineTotal: z.int().nullable(),
  /** 95 % interval of the window's share (Wilson); null where it was not judged. */
  windowLower: z.number().nullable(),
  windowUpper: z.number().nullable(),
  /** 95 % interval of the rise over the baseline (Newcombe). */
  riseLower: z.number().nullable(),
  riseUpper: z.number().nullable(),
  adjustedPValue: z.number().nullable(),
});
export type QualityCheckResult = z.infer<typeof qualityCheckOutput>;

const expectationOutput = z.object({
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  /** At most 50 of them; `allowedCount` says how many there are. Null: any value. */
  allowedValues: z.array(z.string()).nullable(),
  allowedCount: z.int().nullable(),
  isRequired: z.boolean(),
});

export const featureQualitySchema = z.object({
  subject: profileSubjectSchema,
  feature: z.string(),
  type: featureTypeSchema,
  verdict: qualityVerdictSchema,
  /** In words, always there: "12.1 % null where the baseline has 0.2 %". */
  reason: z.string(),
  /** When the worst check's problem began (the first bad column of the run that holds), and when it ended; null: not known, or
   *  still going on. */
  since: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  checks: z.array(qualityCheckOutput),
  /** A problem of now that the whole window hides: the check, its share in the newest of its columns, and how many there are. */
  recent: z
    .object({ check: qualityCheckSchema, share: z.number(), columnCount: z.int() })
    .nullable(),
  expectation: expectationOutput,
  /** Distinct values; a lower bound where `isExact` is false. It grows with the rows, and is shown, not judged. */
  distinct: z.object({
    window: z.int(),
    baseline: z.int().nullable(),
    isExact: z.boolean(),
  }),
  /** Values that the expectation does not know, most frequent first, at most 20. */
  unseen: z.array(z.object({ name: z.string(), count: z.int() })),
  unseenCount: z.int(),
});
export type FeatureQualityResult = z.infer<typeof featureQualitySchema>;

const qualityCell = z.object({
  /** Its place among the buckets, from 0. */
  column: z.int(),
  verdict: qualityVerdictSchema,
  /** The check that is worst in this column, and its share of rows; null where every row is good. */
  check: qualityCheckSchema.nullable(),
  share: z.number().nullable(),
});
export type QualityCell = z.infer<typeof qualityCell>;

export const qualityOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** null: there is nothing to compare with, as `referenceLack` says; only what was declared is judged then. */
  reference: driftReferenceOutput.nullable(),
  referenceLack: referenceLackOutput,
  windowRowCount: z.int(),
  waitingShare: z.number(),
  family: z.object({
    size: z.int(),
    problemCount: z.int(),
    okCount: z.int(),
    cannotSayCount: z.int(),
    failedCount: z.int(),
    /** Tests that were judged together, and the bound on their false findings. */
    testCount: z.int(),
    falseDiscoveryRate: z.number(),
  }),
  features: z.array(featureQualitySchema),
  changes: z.array(
    z.object({
      kind: schemaChangeSchema,
      feature: z.string(),
      since: z.iso.datetime().nullable(),
      detail: z.string(),
    }),
  ),
  bucketMs: z.int(),
  buckets: z.array(z.iso.datetime()),
  /** Rows of each bucket, of all features alike. */
  bucketRowCounts: z.array(z.int()),
  /** Cells that are not as `usualQualityCell` has them: of a wide model tens of thousands are. */
  heat: z.array(
    z.object({ subject: profileSubjectSchema, feature: z.string(), cells: z.array(qualityCell) }),
  ),
});
export type Quality = z.infer<typeof qualityOutput>;

export const featureQualityInput = qualityInput.extend({
  subject: profileSubjectSchema.default("feature"),
  feature: z.string().max(128),
});

export const featureQualityOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  reference: driftReferenceOutput.nullable(),
  bucketMs: z.int(),
  quality: featureQualitySchema,
  /** One series per check with a bad row somewhere in the window; shares of rows, null without enough of them. */
  series: z.array(
    z.object({
      check: qualityCheckSchema,
      baselineShare: z.number().nullable(),
      points: z.array(
        z.object({
          from: z.iso.datetime(),
          count: z.int(),
          rowCount: z.int(),
          share: z.number().nullable(),
          lower: z.number().nullable(),
          upper: z.number().nullable(),
          outcome: qualityOutcomeSchema,
        }),
      ),
    }),
  ),
});
export type FeatureQualityDetail = z.infer<typeof featureQualityOutput>;

export const badRowsInput = featureQualityInput.extend({ check: qualityCheckSchema });
export const badRowsOutput = z.object({
  /** The stretch that was searched: the newest bad column of the window. */
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  rows: z.array(
    z.object({ predictionId: z.string(), timestamp: z.iso.datetime(), value: z.string() }),
  ),
});

export const repeatsInput = segmentScopeInput;
export const repeatsOutput = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** The share of the window's ids that was looked at, all rows of an id or none. */
  sampledShare: z.number(),
  idCount: z.int(),
  /** Ids that came more than once. At least so many: what was sent twice within five minutes is one row after a merge. */
  repeatedCount: z.int(),
  /** Ids that came with more than one time: these stay apart, and are all counted while their five minutes differ. */
  conflictCount: z.int(),
  /** Of at most 200 repeated ids: rows that are the same, and rows that differ. */
  examined: z.object({ identicalCount: z.int(), changedCount: z.int(), conflictCount: z.int() }),
  samples: z.array(
    z.object({
      predictionId: z.string(),
      kind: z.enum(["identical", "changed", "conflict"]),
      rowCount: z.int(),
      firstAt: z.iso.datetime(),
      lastAt: z.iso.datetime(),
    }),
  ),
});
export type Repeats = z.infer<typeof repeatsOutput>;

const expectationChange = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  /** Null: everything was learned. */
  before: declaredExpectationSchema.nullable(),
  after: declaredExpectationSchema.nullable(),
});

export const expectationListInput = modelScopeInput;
export const expectationListOutput = z.object({
  model: z.string(),
  version: z.string(),
  /** What the ranges and values were learned from; null: nothing to learn from. */
  reference: driftReferenceOutput.nullable(),
  features: z.array(
    z.object({
      feature: z.string(),
      provenance: z.enum(["learned", "declared", "confirmed"]),
      learned: expectationOutput,
      declared: declaredExpectationSchema.nullable(),
      expected: expectationOutput,
    }),
  ),
});
export type ExpectationList = z.infer<typeof expectationListOutput>;

export const expectationInput = modelScopeInput.extend({ feature: z.string().min(1).max(128) });
export const expectationOutputOne = z.object({
  feature: z.string(),
  /** Every value that was learned or declared, at most 1,000. */
  learnedValues: z.array(z.string()).nullable(),
  declared: declaredExpectationSchema.nullable(),
  provenance: z.enum(["learned", "declared", "confirmed"]),
  history: z.array(expectationChange),
});

export const previewExpectationInput = expectationInput.extend({
  declared: declaredExpectationSchema,
});
export const previewExpectationOutput = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  rowCount: z.int(),
  /** How many rows of the window would break it, by kind; between `least` and `most` where a bin is cut through. */
  violations: z.array(z.object({ check: qualityCheckSchema, least: z.int(), most: z.int() })),
  /** Of a numeric feature: how many of its pairs with the offline store differ now, and how many would; null where no pair is known. */
  skew: z
    .object({
      comparedCount: z.int(),
      differingCount: z.int(),
      wouldDifferCount: z.int(),
      /** Below 1, predictions were sampled by their hashed ids. */
      sampledShare: z.number(),
    })
    .nullable(),
});
export type ExpectationPreview = z.infer<typeof previewExpectationOutput>;

export const updateExpectationInput = modelInput.extend({
  feature: z.string().min(1).max(128),
  /** Null: learn everything from the baseline again. */
  declared: declaredExpectationSchema.nullable(),
  /** `confirmed`: what was learned, accepted as it is. */
  provenance: z.enum(["declared", "confirmed"]).default("declared"),
});

export type QualityScope = ModelScope & DriftReferenceQuery;

export const qualityQuery = (workspace: string, model: string, scope: QualityScope) =>
  queryOptions({
    queryKey: ["quality", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/quality`,
        query: scope,
        output: qualityOutput,
        signal,
      }),
  });

export const featureQualityQuery = (
  workspace: string,
  model: string,
  scope: QualityScope & { subject?: string; feature: string },
) =>
  queryOptions({
    queryKey: ["quality", workspace, model, "feature", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/quality/feature`,
        query: scope,
        output: featureQualityOutput,
        signal,
      }),
  });

export const badRowsQuery = (
  workspace: string,
  model: string,
  scope: QualityScope & { subject?: string; feature: string; check: string },
) =>
  queryOptions({
    queryKey: ["quality", workspace, model, "rows", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/quality/rows`,
        query: scope,
        output: badRowsOutput,
        signal,
      }),
  });

export const repeatsQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["quality", workspace, model, "repeats", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/quality/repeats`,
        query: scope,
        output: repeatsOutput,
        signal,
      }),
  });

export const expectationListQuery = (workspace: string, model: string) =>
  queryOptions({
    queryKey: ["quality", workspace, model, "expectations"],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/expectations`,
        output: expectationListOutput,
        signal,
      }),
  });

const expectationPath = (workspace: string, model: string, feature: string) =>
  `${modelPath(workspace, model)}/expectations/${encodeURIComponent(feature)}`;

export const expectationQuery = (workspace: string, model: string, feature: string) =>
  queryOptions({
    queryKey: ["quality", workspace, model, "expectations", feature],
    queryFn: ({ signal }) =>
      requestJson({
        path: expectationPath(workspace, model, feature),
        output: expectationOutputOne,
        signal,
      }),
  });

export const previewExpectation = (
  workspace: string,
  model: string,
  feature: string,
  body: { declared: z.infer<typeof declaredExpectationSchema>; range?: "24h" },
) =>
  requestJson({
    path: `${expectationPath(workspace, model, feature)}/preview`,
    method: "POST",
    body,
    output: previewExpectationOutput,
  });

export const updateExpectation = (
  workspace: string,
  model: string,
  feature: string,
  body: Omit<z.input<typeof updateExpectationInput>, "model" | "feature">,
) =>
  requestJson({
    path: expectationPath(workspace, model, feature),
    method: "PATCH",
    body,
    output: z.undefined(),
  });
