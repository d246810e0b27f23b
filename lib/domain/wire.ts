/** The data plane's vocabulary: what a client may send and what it is answered. ingest validates by hand,
 *  for speed; these types and codes are the contract that it is held to. */

export const rowErrorCodes = [
  "not_an_object",
  "unknown_field",
  "missing_field",
  "wrong_type",
  "invalid_value",
  "too_long",
  "too_many",
  "too_deep",
  "too_large",
  "too_old",
  "in_the_future",
  "invalid_json",
  "invalid_encoding",
] as const;
export type RowErrorCode = (typeof rowErrorCodes)[number];

export interface RowRejection {
  index: number;
  prediction_id?: string;
  code: RowErrorCode;
  path: string;
  message: string;
}

export interface IngestAnswer {
  accepted: number;
  rejected: RowRejection[];
  /** One entry per accepted row whose id was minted here, by its index in the body. */
  ids?: { index: number; prediction_id: string; timestamp: string }[];
}

export type ClassValue = string | boolean;

export interface PredictionObject {
  value?: number;
  label?: ClassValue;
  score?: number;
  probabilities?: Record<string, number>;
}

export interface PredictionRow {
  model: string;
  version?: string;
  environment?: string;
  prediction_id?: string;
  timestamp?: string | number;
  features?: Record<string, number | string | boolean | null>;
  prediction?: number | ClassValue | PredictionObject | null;
  latency_ms?: number;
  tags?: Record<string, string>;
  entity_id?: string;
  feature_timestamps?: Record<string, string | number>;
  explanations?: Record<string, number>;
  embeddings?: Record<string, number[]>;
  group_id?: string;
  rank?: number;
  weight?: number;
  trace_id?: string;
}

/** What the training side says that the features of a prediction should have been. */
export interface OfflineRow {
  model: string;
  /** Of every version that made the prediction, when it is absent. */
  version?: string;
  environment?: string;
  prediction_id: string;
  features: NonNullable<PredictionRow["features"]>;
  /** As of when. */
  timestamp?: string | number;
  source?: string;
}

/** JSON has no NaN or infinity: these three strings stand for them, in `features` only. */
export const nonFiniteTokens = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
} as const;
