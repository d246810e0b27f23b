import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { healthSchema } from "#lib/domain/health.ts";
import { incidentStateSchema, severitySchema } from "#lib/domain/incident.ts";
import { taskSchema } from "#lib/domain/model.ts";
import type { TimeRangeQuery } from "#lib/domain/time-range.ts";
import { timeRangeQuerySchema } from "#lib/domain/time-range.ts";
import { requestJson, workspacePath } from "./request.ts";

export const fleetInput = timeRangeQuerySchema.extend({
  environment: z.string().max(128).optional(),
});

export const fleetOutput = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  environments: z.array(z.string()),
  models: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      task: taskSchema.nullable(),
      tier: z.int(),
      environment: z.string(),
      version: z.string(),
      versionCount: z.int(),
      health: healthSchema,
      /** Why, in words, worst first: "prediction drifts: PSI 0.31 (noise 0.02)". */
      reasons: z.array(z.string()),
      rowCount: z.int(),
      /** Rows of the window of the same length just before. */
      previousRowCount: z.int(),
      lastEventAt: z.iso.datetime().nullable(),
      featureCount: z.int(),
      driftCount: z.int(),
      cannotSayCount: z.int(),
      hasBaseline: z.boolean(),
      /** Its worst open incident in this environment, and how many are open; null when none is. */
      incident: z
        .object({
          number: z.int(),
          severity: severitySchema,
          state: incidentStateSchema,
          openCount: z.int(),
        })
        .nullable(),
      /** Rows per bucket over the window, oldest first; null where the bucket is not profiled. */
      volume: z.array(z.int().nullable()),
    }),
  ),
});
export type Fleet = z.infer<typeof fleetOutput>;

export const fleetQuery = (workspace: string, input: TimeRangeQuery & { environment?: string }) =>
  queryOptions({
    queryKey: ["fleet", workspace, input],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/fleet`,
        query: input,
        output: fleetOutput,
        signal,
      }),
  });
