import { z } from "zod";
import { verdictSchema } from "./health.ts";

/** What one evaluation of all features together found; kept as it is and shown as it is. */
export const jointResultSchema = z.object({
  verdict: verdictSchema,
  /** In words, always there. */
  reason: z.string(),
  baselineRowCount: z.int(),
  windowRowCount: z.int(),
  columnCount: z.int(),
  /** How well a classifier tells the window's rows from the baseline's: 0.5 not at all. Null: too few rows. */
  domain: z
    .object({
      auc: z.number(),
      pValue: z.number(),
      permutationCount: z.int(),
      rowCount: z.int(),
      /** The columns that it tells them by, with their share of the gain, at most ten. */
      contributions: z.array(z.object({ feature: z.string(), share: z.number() })),
    })
    .nullable(),
  /** The PCA reconstruction error, and where noise alone leaves it. Null: fewer than two columns, or too few rows. */
  reconstruction: z
    .object({
      value: z.number(),
      standardError: z.number(),
      lower: z.number(),
      upper: z.number(),
    })
    .nullable(),
  /** Each embedding's day against the seven days before it. */
  embeddings: z.array(
    z.object({
      name: z.string(),
      verdict: verdictSchema,
      reason: z.string(),
      referenceCount: z.int(),
      windowCount: z.int(),
      /** Between the means, in units of the reference's spread; null where it has none. */
      centroidDistance: z.number().nullable(),
      cosineDistance: z.number().nullable(),
      mmd: z.number().nullable(),
      pValue: z.number().nullable(),
    }),
  ),
});
export type JointResult = z.infer<typeof jointResultSchema>;
