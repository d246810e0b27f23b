import { z } from "zod";
import { featureTypeSchema } from "./model.ts";

/** Which column of an uploaded file is what. Columns that are named nowhere are features, unless `features` lists them. */
export const baselineMappingSchema = z.object({
  features: z.array(z.string().min(1).max(128)).max(2_000).optional(),
  types: z.record(z.string(), featureTypeSchema).optional(),
  prediction: z.string().min(1).max(128).optional(),
  score: z.string().min(1).max(128).optional(),
  /** For each class of a model with many, the column with its probability. */
  probabilities: z
    .record(z.string().min(1).max(128), z.string().min(1).max(128))
    .refine((columns) => Object.keys(columns).length <= 100, "Name at most 100 classes.")
    .optional(),
  label: z.string().min(1).max(128).optional(),
  timestamp: z.string().min(1).max(128).optional(),
  predictionId: z.string().min(1).max(128).optional(),
  /** Columns that are kept as the rows' tags, as predictions carry them: by these a baseline is compared segment by segment. */
  tags: z.array(z.string().min(1).max(128)).max(50).optional(),
  ignore: z.array(z.string().min(1).max(128)).max(2_000).optional(),
});
export type BaselineMapping = z.infer<typeof baselineMappingSchema>;
