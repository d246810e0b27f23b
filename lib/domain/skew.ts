import { z } from "zod";

export const skewVerdicts = ["skew", "no_skew", "cannot_say"] as const;
export const skewVerdictSchema = z.enum(skewVerdicts);
export type SkewVerdictKind = z.infer<typeof skewVerdictSchema>;

/** How a prediction's value of a feature stands to what the offline store says, where the two differ. */
const skewOutcomes = ["mismatch", "type_mismatch", "offline_only", "served_only"] as const;
export const skewOutcomeSchema = z.enum(skewOutcomes);
export type SkewOutcome = z.infer<typeof skewOutcomeSchema>;

/** Two numbers match within the larger of the two: an amount, and a share of the larger number. */
export interface SkewTolerance {
  absolute: number;
  relative: number;
}

/** What differs by the last bits of a float alone is no skew. */
export const defaultSkewTolerance: SkewTolerance = { absolute: 0, relative: 1e-9 };

/** What a person declared of one feature; a part that is left out is the default's. */
export const declaredToleranceSchema = z
  .object({
    absolute: z.number().min(0).optional(),
    relative: z.number().min(0).max(1).optional(),
  })
  .refine(
    ({ absolute, relative }) => absolute !== undefined || relative !== undefined,
    "must have `absolute`, `relative` or both",
  );
export type DeclaredTolerance = z.infer<typeof declaredToleranceSchema>;
