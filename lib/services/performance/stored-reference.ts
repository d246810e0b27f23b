import { z } from "zod";
import { findEstimateReference } from "#db/postgres/queries/estimate-reference.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { Task } from "#lib/domain/model.ts";

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
]);
export type StoredReference = z.infer<typeof storedReferenceSchema>;

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
