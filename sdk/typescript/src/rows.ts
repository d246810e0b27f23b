/** A Date, an ISO 8601 string, or Unix milliseconds as Date.now() gives them. */
export type Time = Date | string | number;

export type FeatureValue = number | string | boolean | bigint | Date | null | undefined;

export interface PredictionObject {
  value?: number;
  label?: string | boolean;
  score?: number;
  probabilities?: Record<string, number>;
}

/** A number (regression), a string or boolean (a class), or an object that says which is which. */
export type PredictionValue = number | string | boolean | PredictionObject | null;

export interface Prediction {
  features?: Readonly<Record<string, FeatureValue>>;
  prediction?: PredictionValue;
  /** Beside a plain `prediction`, these two complete it. */
  score?: number;
  probabilities?: Record<string, number>;
  /** Set when it is not given: a UUIDv7. */
  predictionId?: string;
  /** When the prediction was made; now, when it is not given. */
  timestamp?: Time;
  model?: string;
  version?: string;
  environment?: string;
  latencyMs?: number;
  tags?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  entityId?: string | number;
  featureTimestamps?: Readonly<Record<string, Time>>;
  explanations?: Readonly<Record<string, number>>;
  embeddings?: Readonly<Record<string, ArrayLike<number>>>;
  groupId?: string | number;
  rank?: number;
  weight?: number;
  traceId?: string;
}

export interface Label {
  predictionId: string;
  label: number | string | boolean;
  /** When the label became known; a later one corrects an earlier one. Now, when it is not given. */
  timestamp?: Time;
  model?: string;
  environment?: string;
}
