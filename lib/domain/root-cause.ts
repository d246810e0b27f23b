import { z } from "zod";

/** What a surrogate imitates: what the model says, which class it decides for, or how right it is. */
const causeTargets = ["prediction", "decision", "performance"] as const;
export const causeTargetSchema = z.enum(causeTargets);
export type CauseTarget = z.infer<typeof causeTargetSchema>;

/** The number per row whose mean moves: a predicted value; the score of a class; whether that class was decided for; whether the
 *  decision was right; how far the value was from the label. */
const causeMeasures = ["value", "score", "decided", "accuracy", "mae"] as const;
export const causeMeasureSchema = z.enum(causeMeasures);
export type CauseMeasure = z.infer<typeof causeMeasureSchema>;

/** Whose rows taught a surrogate: a baseline's, or the version's own as they were logged. */
const surrogateSources = ["baseline", "predictions"] as const;
export const surrogateSourceSchema = z.enum(surrogateSources);
export type SurrogateSource = z.infer<typeof surrogateSourceSchema>;
