import { z } from "zod";
import { metricUndefinedReasonSchema } from "#lib/domain/performance.ts";
import { modelScopeInput } from "./model.ts";

export const performanceEvaluationsInput = modelScopeInput.extend({
  /** Only this metric. */
  metric: z.string().min(1).max(64).optional(),
});

/** What was found when a day was last judged, and kept. A day is the window [from, until), UTC. */
export const performanceEvaluationsOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  evaluations: z.array(
    z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      /** Null: not yet. */
      evaluatedAt: z.iso.datetime().nullable(),
      /** Rows or labels have come since, and it will be judged again. */
      isDue: z.boolean(),
      /** Null where the version had no rows. */
      rowCount: z.int().nullable(),
      labelledCount: z.int().nullable(),
      coverage: z.number().nullable(),
      metrics: z.record(
        z.string(),
        z.object({
          /** Null: undefined, for this reason. */
          value: z.number().nullable(),
          undefinedReason: metricUndefinedReasonSchema.nullable(),
          /** 95 %; null where there is none. */
          lower: z.number().nullable(),
          upper: z.number().nullable(),
          sampleCount: z.int(),
          /** Grows when the row changes, and only then. */
          revision: z.int(),
          computedAt: z.iso.datetime(),
        }),
      ),
    }),
  ),
});
