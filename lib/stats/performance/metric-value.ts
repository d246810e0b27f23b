/** A metric's answer: a value with its interval, or why there is none. Undefined is not zero: precision without a predicted
 *  positive, ROC AUC with one class, a window without labels have no value at all. */

export type UndefinedReason =
  | "no_labels"
  | "no_decisions"
  | "no_scores"
  | "no_predicted_positive"
  | "no_positive"
  | "no_negative"
  | "no_positive_anywhere"
  | "one_class"
  | "zero_denominator"
  | "score_outside_unit"
  | "too_few_rows"
  | "constant_label"
  | "zero_labels_only"
  | "negative_values"
  | "no_group_with_relevant_item"
  | "no_class_with_labels"
  /** It is beyond what a number can hold, as the square of 1e200. */
  | "not_finite";

export type MetricValue =
  | {
      readonly kind: "value";
      readonly value: number;
      /** The 95 % interval; null where the rows are too few for one, or the metric has none. */
      readonly lower: number | null;
      readonly upper: number | null;
      /** Rows, or groups of rows, that the value is taken over. */
      readonly sampleCount: number;
    }
  | { readonly kind: "undefined"; readonly reason: UndefinedReason };

export const undefinedBecause = (reason: UndefinedReason): MetricValue => ({
  kind: "undefined",
  reason,
});

export const numberOf = (metric: MetricValue | undefined): number | null =>
  metric?.kind === "value" ? metric.value : null;
