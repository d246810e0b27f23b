export type { PlumblineOptions } from "./options.ts";
export { Plumbline } from "./plumbline.ts";
export type { FeatureValue, Label, Prediction, PredictionValue, Time } from "./rows.ts";
export type { Rejection, Stats, Trouble, TroubleKind } from "./stats.ts";
