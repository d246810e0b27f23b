import { z } from "zod";

/** How one column moved, without the column's own scale: what two faults of a kind have in common on different columns. */
export const shiftShapeSchema = z.object({
  kind: z.enum(["numeric", "categorical"]),
  /** Shares of rows in the window less those in the reference, between -1 and 1. */
  missingRise: z.number(),
  nonFiniteRise: z.number(),
  /** Of the window's values: categories that the reference has not, or numbers beyond its range. */
  newShare: z.number(),
  /** Of the reference's values: categories that the window has not. */
  vanishedShare: z.number(),
  /** Of the window's values, at its commonest one, less the share of that value in the reference. */
  peakRise: z.number(),
  /** In standard deviations of the reference; null of categories. */
  meanShift: z.number().nullable(),
  /** Natural logarithm of the ratio of standard deviations, and of means where both have one sign. */
  spreadRatioLog: z.number().nullable(),
  meanRatioLog: z.number().nullable(),
  /** Between 0 and 1: the largest gap of the cumulative shares, or half the summed gaps of the shares. */
  distance: z.number(),
  /** The simple faults that explain it, the best first; none where none fits. */
  causes: z.array(z.string()).max(5),
});

/** One alert of an incident as far as others can be like it. */
const signaturePartSchema = z.object({
  causeClass: z.string(),
  monitorKind: z.string(),
  statistic: z.string(),
  subject: z.string(),
  column: z.string(),
  /** Above its threshold or below it; null where there is none. */
  direction: z.enum(["up", "down"]).nullable(),
  /** How far beyond the threshold: the logarithm of value by threshold; null where that says nothing. */
  excessLog: z.number().nullable(),
  shape: shiftShapeSchema.nullable(),
});
export type SignaturePart = z.infer<typeof signaturePartSchema>;

export const incidentSignatureSchema = z.object({
  schemaVersion: z.literal(1),
  modelId: z.string().nullable(),
  causeClass: z.string(),
  segmentKey: z.string(),
  /** Columns that are hit. */
  breadth: z.int(),
  parts: z.array(signaturePartSchema).max(100),
});
export type IncidentSignature = z.infer<typeof incidentSignatureSchema>;
