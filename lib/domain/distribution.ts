import { z } from "zod";

/** Rows of both sides in one bin that they share. */
export const distributionBinSchema = z.object({
  /** "12 to 18", "ATL", "missing". */
  label: z.string(),
  kind: z.enum(["range", "value", "other", "missing", "nan", "infinite", "violation", "new"]),
  from: z.number().nullable(),
  until: z.number().nullable(),
  referenceCount: z.int(),
  windowCount: z.int(),
  referenceShare: z.number(),
  windowShare: z.number(),
});
export type DistributionBin = z.infer<typeof distributionBinSchema>;

/** What a side holds in all. */
export const sideSummarySchema = z.object({
  rowCount: z.int(),
  valueCount: z.int(),
  missingCount: z.int(),
  nonFiniteCount: z.int(),
  violationCount: z.int(),
  distinctCount: z.int().nullable(),
  mean: z.number().nullable(),
  standardDeviation: z.number().nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  /** p05, p25, p50, p75, p95, each within one bin of the grid; null for categories. */
  quantiles: z.array(z.number()).nullable(),
});
