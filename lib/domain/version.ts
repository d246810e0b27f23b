import { z } from "zod";

/** What is known of a challenger's metric beside the champion's. */
export const metricVerdicts = ["better", "worse", "within_noise"] as const;
export const metricVerdictSchema = z.enum(metricVerdicts);
export type MetricVerdict = z.infer<typeof metricVerdictSchema>;

/** What is known of a challenger beside the champion. */
export const challengerVerdictSchema = z.enum([
  "better",
  "worse",
  /** Better by one metric and worse by another. */
  "mixed",
  "cannot_tell",
  "too_few_labels",
  "no_labels",
  /** Nothing of this task is compared. */
  "not_for_task",
]);
export type ChallengerVerdict = z.infer<typeof challengerVerdictSchema>;

/** By which test a difference was found: the first four on rows that both versions answered, the last without any. */
export const comparisonTestSchema = z.enum(["mcnemar", "delta", "delong", "paired_t", "unpaired"]);
export type ComparisonTest = z.infer<typeof comparisonTestSchema>;
