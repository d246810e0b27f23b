export type { PlumblineOptions } from "./options.ts";
export { Plumbline } from "./plumbline.ts";
export type {
  Change,
  FeatureValue,
  Label,
  OfflineFeatures,
  Prediction,
  PredictionValue,
  Time,
} from "./rows.ts";
export type { Rejection, Stats, Trouble, TroubleKind } from "./stats.ts";
