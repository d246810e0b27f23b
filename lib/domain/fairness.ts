import { z } from "zod";

export const gapVerdictSchema = z.enum(["gap", "small_gap", "no_gap", "cannot_say"]);
export type GapVerdict = z.infer<typeof gapVerdictSchema>;

/** What is compared between groups: of a binary model rates, of a regression errors. */
export const fairnessMeasureSchema = z.enum([
  "selection_rate",
  "true_positive_rate",
  "false_positive_rate",
  "precision",
  "accuracy",
  "mean_error",
  "mean_absolute_error",
]);
export type FairnessMeasure = z.infer<typeof fairnessMeasureSchema>;

export const fairnessStateSchema = z.enum([
  "judged",
  "no_sensitive_attribute",
  /** Neither of two classes nor a regression. */
  "not_for_task",
  /** Nobody knows which class is the positive one. */
  "positive_class_unknown",
  "no_rows",
]);
export type FairnessState = z.infer<typeof fairnessStateSchema>;
