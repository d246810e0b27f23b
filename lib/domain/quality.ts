import { z } from "zod";
import { declaredToleranceSchema } from "./skew.ts";

/** The ways in which a feature's rows can be bad, each asked on its own. */
const qualityChecks = [
  "null",
  "absent",
  "nan",
  "infinite",
  "wrong_kind",
  "below_range",
  "above_range",
  "unseen_category",
  "constant",
] as const;
export const qualityCheckSchema = z.enum(qualityChecks);
export type QualityCheckName = z.infer<typeof qualityCheckSchema>;

/** `failed`: the evaluation of this one feature went wrong, and says how. Never "ok". */
export const qualityVerdicts = ["problem", "failed", "cannot_say", "ok"] as const;
export const qualityVerdictSchema = z.enum(qualityVerdicts);
export type QualityVerdict = z.infer<typeof qualityVerdictSchema>;

export const qualityOutcomeSchema = z.enum(["problem", "negligible", "ok", "cannot_say"]);

export const schemaChangeSchema = z.enum(["new", "vanished", "type_changed"]);

export const expectationLimits = { valuesMax: 1_000, valueLengthMax: 1_024 } as const;

export const mustNotBeBelow = "must not be below the minimum";

/** What a person declared of a feature: a part that is left out is learned from the baseline, or of the skew tolerance the default; null
 *  asks for nothing. */
export const declaredExpectationSchema = z
  .object({
    minimum: z.number().nullable().optional(),
    maximum: z.number().nullable().optional(),
    allowedValues: z
      .array(z.string().max(expectationLimits.valueLengthMax))
      .min(1)
      .max(expectationLimits.valuesMax)
      .nullable()
      .optional(),
    isRequired: z.boolean().optional(),
    skewTolerance: declaredToleranceSchema.optional(),
  })
  .refine(
    ({ minimum, maximum }) =>
      typeof minimum !== "number" || typeof maximum !== "number" || minimum <= maximum,
    { path: ["maximum"], message: mustNotBeBelow },
  );
export type DeclaredExpectation = z.infer<typeof declaredExpectationSchema>;

/** A promise of freshness: this share of rows, and of five-minute slices, is no older than this. */
export const freshnessObjectiveSchema = z.object({
  ageMs: z
    .int()
    .min(1_000)
    .max(30 * 24 * 3_600_000),
  share: z
    .number()
    .refine((share) => share > 0 && share < 1, "must lie between 0 and 1, and be neither"),
});
export type FreshnessObjective = z.infer<typeof freshnessObjectiveSchema>;

/** What is evaluated and kept beside drift. */
const evaluationKinds = ["quality", "freshness", "volume"] as const;
export type EvaluationKind = (typeof evaluationKinds)[number];

/** A cell of a map of quality that need not be sent: a bucket's rows are all good, or there are none. */
export const usualQualityCell = (
  rowCount: number,
): { verdict: QualityVerdict; check: null; share: number | null } =>
  rowCount === 0
    ? { verdict: "cannot_say", check: null, share: null }
    : { verdict: "ok", check: null, share: 0 };
