const names: Readonly<Record<string, string>> = {
  accuracy: "accuracy",
  precision: "precision",
  recall: "recall",
  specificity: "specificity",
  false_positive_rate: "false-positive rate",
  f1: "F1",
  balanced_accuracy: "balanced accuracy",
  matthews: "Matthews correlation",
  roc_auc: "ROC AUC",
  average_precision: "average precision",
  log_loss: "log loss",
  brier: "Brier score",
  macro_precision: "macro precision",
  macro_recall: "macro recall",
  macro_f1: "macro F1",
  weighted_precision: "weighted precision",
  weighted_recall: "weighted recall",
  weighted_f1: "weighted F1",
  macro_roc_auc: "macro ROC AUC",
  mae: "MAE",
  mse: "MSE",
  rmse: "RMSE",
  bias: "bias",
  mape: "MAPE",
  wmape: "WMAPE",
  msle: "MSLE",
  rmsle: "RMSLE",
  r2: "R²",
  median_loss: "median loss",
};
const ranked: Readonly<Record<string, string>> = {
  ndcg: "NDCG",
  map: "MAP",
  mrr: "MRR",
  hit_rate: "hit rate",
  precision: "precision",
  recall: "recall",
  quantile_loss: "quantile loss",
};

/** "ROC AUC", "NDCG@10". */
export function nameMetric(metric: string): string {
  const [measure = "", k] = metric.split("@");
  if (k !== undefined) return `${ranked[measure] ?? measure}@${k}`;
  return names[metric] ?? metric;
}

const firstOf: Readonly<Record<string, string>> = {
  binary: "accuracy",
  multiclass: "accuracy",
  regression: "mae",
  ranking: "ndcg@10",
};

/** What a page shows before anybody has chosen. */
export function firstMetric(task: string | null): string | null {
  return task === null ? null : (firstOf[task] ?? null);
}

const reasons: Readonly<Record<string, string>> = {
  no_labels: "no labels have come",
  no_decisions: "predictions carry no class",
  no_scores: "predictions carry no score",
  no_predicted_positive: "nothing was predicted positive",
  no_positive: "nothing turned out positive",
  no_negative: "nothing turned out negative",
  no_positive_anywhere: "nothing was, or was predicted, positive",
  one_class: "all labels are of one class",
  zero_denominator: "a class is missing among predictions or labels",
  score_outside_unit: "a score lies outside 0 to 1",
  too_few_rows: "too few rows",
  constant_label: "all labels are the same",
  zero_labels_only: "all labels are zero",
  negative_values: "a label or a prediction is negative",
  no_group_with_relevant_item: "no group with all its labels has a relevant item",
  no_class_with_labels: "no class has labels",
  not_finite: "an error is too large for a number",
  positive_class_unknown: "nothing says which class is the positive one",
};

export const sayUndefined = (reason: string | null): string =>
  reason === null ? "not known" : (reasons[reason] ?? reason);
