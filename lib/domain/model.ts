import { z } from "zod";

const tasks = ["regression", "binary", "multiclass", "ranking"] as const;
export const taskSchema = z.enum(tasks);
export type Task = z.infer<typeof taskSchema>;

const featureTypes = ["numeric", "categorical", "boolean", "text"] as const;
export const featureTypeSchema = z.enum(featureTypes);
export type FeatureType = z.infer<typeof featureTypeSchema>;

/** Who says so: a task or a type that nobody declared stays inferred until a person accepts it. */
const provenances = ["inferred", "declared", "confirmed"] as const;
export const provenanceSchema = z.enum(provenances);
export type Provenance = z.infer<typeof provenanceSchema>;

/** What a profile row describes; `feature` names the column where the subject has more than one. */
const profileSubjects = [
  "row",
  "feature",
  "prediction",
  "label",
  "latency",
  "event_lag",
  "feature_age",
] as const;
export const profileSubjectSchema = z.enum(profileSubjects);
export type ProfileSubject = z.infer<typeof profileSubjectSchema>;

const baselineStates = ["uploading", "profiling", "ready", "failed"] as const;
export const baselineStateSchema = z.enum(baselineStates);
export type BaselineState = z.infer<typeof baselineStateSchema>;

export const defaultVersion = "unversioned";
export const defaultEnvironment = "production";
