import { z } from "zod";

/** What was changed. */
const changeKinds = [
  "deployment",
  "promotion",
  "rollback",
  "retrain",
  "feature_pipeline",
  "config",
  "schema",
  "other",
] as const;
export const changeKindSchema = z.enum(changeKinds);
export type ChangeKind = z.infer<typeof changeKindSchema>;

/** Beside those that somebody tells: rows of a version that was not there before. */
const shownChangeKinds = [...changeKinds, "first_seen"] as const;
export const shownChangeKindSchema = z.enum(shownChangeKinds);
export type ShownChangeKind = z.infer<typeof shownChangeKindSchema>;

export const changeLimits = {
  perCallMax: 100,
  idLengthMax: 128,
  titleLengthMax: 300,
  urlLengthMax: 2_000,
  detailsMax: 20,
  detailLengthMax: 500,
  /** Of one answer. */
  listedMax: 1_000,
  /** Clocks differ; what lies further ahead is a mistake. */
  futureMsMax: 10 * 60_000,
} as const;

/** One change, as everything that shows changes takes it. An empty model, environment or version is all of them. */
export interface ChangeEvent {
  /** The sender's; of a version that was first seen, made of its names. */
  id: string;
  kind: ShownChangeKind;
  title: string;
  model: string;
  environment: string;
  version: string;
  source: string;
  url: string | null;
  occurredAt: Date;
  recordedBy: string;
}

/** Of the data plane's door. */
export const wireChangeLimits = { rowsMax: 1_000, bodyBytesMax: 4 * 1024 * 1024 } as const;
