import { z } from "zod";
import {
  findEstimateModel,
  findEstimateReference,
} from "#db/postgres/queries/estimate-reference.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { Task } from "#lib/domain/model.ts";
import type { BoostedTrees } from "#lib/stats/boosted-trees.ts";

/** Counted up when what is learned changes: every baseline is then learned from anew. */
export const estimateMethod = 1;

const numbers = z.array(z.number()).readonly();
const samplingError = z.object({ deviation: z.number(), share: z.number() });

const trialsSchema = z.object({
  rowCount: z.int(),
  traits: z.record(
    z.string(),
    z.object({
      samplingError: samplingError.nullable(),
      reach: z.number(),
      minimum: z.number(),
      maximum: z.number().nullable(),
      isRelative: z.boolean(),
    }),
  ),
  cuts: z
    .array(z.object({ blockCount: z.int(), errors: z.record(z.string(), numbers) }))
    .readonly(),
});

const calibratorSchema = z.object({
  isCalibrated: z.boolean(),
  fit: z.object({ x: numbers, y: numbers }),
  scoreMin: z.number(),
  scoreMax: z.number(),
});

const binarySchema = z.object({ calibrator: calibratorSchema, trials: trialsSchema });

/** What a baseline teaches, as it is kept. */
export const storedReferenceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("binary"),
    classes: z.object({ positive: z.string(), negative: z.string() }).nullable(),
    /** Whether the scores need it, by a split of the baseline itself. */
    isCalibrationNeeded: z.boolean(),
    calibrated: binarySchema.nullable(),
    raw: binarySchema.nullable(),
  }),
  z.object({ kind: z.literal("regression"), trials: trialsSchema }),
  z.object({
    kind: z.literal("multiclass"),
    isCalibrated: z.boolean(),
    trials: trialsSchema,
  }),
]);
export type StoredReference = z.infer<typeof storedReferenceSchema>;

const columnRule = z.discriminatedUnion("kind", [
  z.object({ name: z.string(), kind: z.literal("numeric"), cuts: numbers }),
  z.object({
    name: z.string(),
    kind: z.literal("categorical"),
    ranked: z.array(z.string()).readonly(),
  }),
]);

/** Trees are as deep as they were grown; the worker alone writes them, and reads them back. */
const trees = z.custom<BoostedTrees>(
  (value) => typeof value === "object" && value !== null && "trees" in value && "start" in value,
);

/** What rows are estimated with. */
export const storedModelSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("regression"),
    features: z.array(z.string()),
    model: z.object({
      rules: z.array(columnRule).readonly(),
      trees: z.object({
        absolute: trees.optional(),
        squared: trees.optional(),
        relative: trees.optional(),
        squared_log: trees.optional(),
      }),
    }),
  }),
  z.object({
    kind: z.literal("multiclass"),
    model: z.object({
      classes: z.array(z.string()).readonly(),
      calibrators: z.array(calibratorSchema.nullable()).readonly(),
    }),
  }),
]);
export type StoredModel = z.infer<typeof storedModelSchema>;

export async function readEstimateModel(
  scope: PostgresScope,
  baselineId: string,
  task: Task,
): Promise<StoredModel | null> {
  const found = await findEstimateModel(scope, { baselineId, task, method: estimateMethod });
  return found === null || found === undefined ? null : storedModelSchema.parse(found);
}

/** Null: the worker has not learned from this baseline yet. */
export async function readReference(
  scope: PostgresScope,
  baselineId: string,
  task: Task,
): Promise<{ labelledCount: number; reference: StoredReference | null } | null> {
  const key = { baselineId, task, method: estimateMethod };
  const found = await findEstimateReference(scope, key);
  if (found === null) return null;
  const { labelledCount, reference } = found;
  return {
    labelledCount,
    reference: reference === null ? null : storedReferenceSchema.parse(reference),
  };
}
