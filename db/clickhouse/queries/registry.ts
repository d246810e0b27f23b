import { firstRow } from "./first-row.ts";
import { newestPredictionBucket } from "./newest-prediction-bucket.ts";
import { predictionKeys } from "./prediction-keys.ts";
import { predictionLabels } from "./prediction-labels.ts";
import { predictionRows } from "./prediction-rows.ts";
import { rejectionCounts, rejectionRows } from "./rejection-rows.ts";

/** Every question that is asked of ClickHouse; the laws over all of them are tested on this list. */
export const queries = [
  firstRow,
  newestPredictionBucket,
  predictionKeys,
  predictionLabels,
  predictionRows,
  rejectionCounts,
  rejectionRows,
];
