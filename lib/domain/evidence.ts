import { z } from "zod";
import { distributionBinSchema, sideSummarySchema } from "./distribution.ts";
import { shiftShapeSchema } from "./incident-signature.ts";
import { monitorSeriesSchema } from "./monitor.ts";

/** How much of a monitor's past stands beside what it found. */
const evidenceLimits = { historyMax: 400, binsMax: 200, sqlCharactersMax: 20_000 } as const;

const instant = z.iso.datetime();

const measured = {
  value: z.number(),
  /** Of the value, where the statistic has an interval. */
  lower: z.number().nullable(),
  upper: z.number().nullable(),
};

/** Why an alert began to fire, as it stood at that moment: whatever happens to the rows, the baseline or the monitor later, this
 *  stays. Version 1; a later one is another member of the union, so that what was kept stays readable. */
export const frozenEvidenceSchema = z.object({
  schemaVersion: z.literal(1),
  frozenAt: instant,
  /** Value, threshold, size and window in words. */
  sentence: z.string().min(1),
  monitor: z.object({
    id: z.uuid(),
    name: z.string(),
    /** One of a monitor's kinds, or "slo". */
    kind: z.string().min(1),
    /** Grows with every edit of the monitor. */
    revision: z.int(),
    /** The definition as it was. */
    settings: z.record(z.string(), z.unknown()),
  }),
  model: z.object({ id: z.uuid(), name: z.string() }),
  series: monitorSeriesSchema,
  /** "psi", "verdict", "accuracy"; and its unit as people write it, null for none. */
  statistic: z.string().min(1),
  unit: z.string().nullable(),
  ...measured,
  fireThreshold: z.number().nullable(),
  clearThreshold: z.number().nullable(),
  window: z.object({
    from: instant,
    until: instant,
    /** Rows that came, and of them those that the value was computed from. */
    rowCount: z.int().min(0),
    sampleCount: z.int().min(0),
  }),
  /** What it was compared with; null where the value stands alone. */
  reference: z
    .object({
      /** "baseline training (2026.11.1)", "the 7 days before". */
      label: z.string(),
      baselineId: z.uuid().nullable(),
      version: z.string().nullable(),
      from: instant.nullable(),
      until: instant.nullable(),
      rowCount: z.int().min(0),
      sampleCount: z.int().min(0),
    })
    .nullable(),
  /** Both sides on bins that they share, or counts by category; null where the question is of no distribution. */
  distribution: z
    .object({
      bins: z.array(distributionBinSchema).max(evidenceLimits.binsMax),
      referenceSide: sideSummarySchema.nullable(),
      windowSide: sideSummarySchema,
    })
    .nullable(),
  /** How the column moved, by which similar incidents are found; left out or null where the question is of none. */
  shape: shiftShapeSchema.nullable().optional(),
  /** The values before and at the finding, oldest first; a window without one stands there with null. */
  history: z
    .array(
      z.object({
        from: instant,
        until: instant,
        value: z.number().nullable(),
        lower: z.number().nullable(),
        upper: z.number().nullable(),
        sampleCount: z.int().min(0),
      }),
    )
    .max(evidenceLimits.historyMax),
  /** What was asked of the store; null where no single query says it. */
  query: z
    .object({
      sql: z.string().max(evidenceLimits.sqlCharactersMax),
      parameters: z.record(z.string(), z.unknown()),
    })
    .nullable(),
});
export type FrozenEvidence = z.infer<typeof frozenEvidenceSchema>;
