import { z } from "zod";

export const skewVerdicts = ["skew", "no_skew", "cannot_say"] as const;
export const skewVerdictSchema = z.enum(skewVerdicts);
export type SkewVerdictKind = z.infer<typeof skewVerdictSchema>;

/** How a prediction's value of a feature stands to what the offline store says, where the two differ. */
const skewOutcomes = ["mismatch", "type_mismatch", "offline_only", "served_only"] as const;
export const skewOutcomeSchema = z.enum(skewOutcomes);
export type SkewOutcome = z.infer<typeof skewOutcomeSchema>;
