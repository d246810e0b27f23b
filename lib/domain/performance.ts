import { z } from "zod";

/** How a window is cut for display: by the UTC calendar, weeks from Monday. */
export const performanceBuckets = ["hour", "day", "week", "month"] as const;
export const performanceBucketSchema = z.enum(performanceBuckets);
export type PerformanceBucket = z.infer<typeof performanceBucketSchema>;

/** Whether a bucket's labels are in, as far as they will be. */
const labelMaturities = ["settled", "provisional", "no_labels", "no_predictions"] as const;
export const labelMaturitySchema = z.enum(labelMaturities);
export type LabelMaturity = z.infer<typeof labelMaturitySchema>;

const metricUndefinedReasons = [
  "no_labels",
  "no_decisions",
  "no_scores",
  "no_predicted_positive",
  "no_positive",
  "no_negative",
  "no_positive_anywhere",
  "one_class",
  "zero_denominator",
  "score_outside_unit",
  "too_few_rows",
  "constant_label",
  "zero_labels_only",
  "negative_values",
  "no_group_with_relevant_item",
  "no_class_with_labels",
  "positive_class_unknown",
  "not_finite",
] as const;
export const metricUndefinedReasonSchema = z.enum(metricUndefinedReasons);

/** More than this is a slip of the hand. */
const worthMax = 1e12;
const worth = z
  .number({ error: "Expected a number: what one such prediction is worth." })
  .min(-worthMax)
  .max(worthMax);

/** What each outcome of a binary model is worth, per prediction: gains above 0, costs below. */
export const businessValueSchema = z.object({
  truePositive: worth,
  falsePositive: worth,
  falseNegative: worth,
  trueNegative: worth,
  /** Such as EUR or minutes; may be empty. */
  unit: z.string().trim().max(16),
});
export type BusinessValue = z.infer<typeof businessValueSchema>;
