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

/** What the offline store says that the features of a prediction were, all of them: a later row replaces an earlier one. */
export interface OfflineFeatures {
  predictionId: string;
  features: Readonly<Record<string, FeatureValue>>;
  /** As of when; now, when it is not given. */
  timestamp?: Time;
  /** Where the values come from, such as the name of a feature table. */
  source?: string;
  model?: string;
  /** The row is for every version that made the prediction, unless one is named here. */
  version?: string;
  environment?: string;
}

export interface Label {
  predictionId: string;
  label: number | string | boolean;
  /** When the label became known; a later one corrects an earlier one. Now, when it is not given. */
  timestamp?: Time;
  model?: string;
  environment?: string;
}

/** Something that was changed around models, so that it stands beside what broke afterwards. */
export interface Change {
  kind:
    | "deployment"
    | "promotion"
    | "rollback"
    | "retrain"
    | "feature_pipeline"
    | "config"
    | "schema"
    | "other";
  /** What was changed, in a line. */
  title: string;
  /** Set when it is not given. A job that may run twice should give its own, such as the commit: the same id counts once. */
  id?: string;
  /** The client's own, when it is not given; "" means all models, as the release of a shared pipeline does. */
  model?: string;
  /** All of them, when it is not given. */
  version?: string;
  /** All of them, when it is not given. */
  environment?: string;
  source?: string;
  url?: string;
  details?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  /** When it happened; now, when it is not given. */
  timestamp?: Time;
}
