import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { alertStateSchema, severitySchema } from "#lib/domain/incident.ts";
import { causeClassSchema, monitorSeriesSchema } from "#lib/domain/monitor.ts";
import { requestJson, workspacePath } from "./request.ts";

export const alertSchema = z.object({
  id: z.uuid(),
  monitorId: z.uuid(),
  monitorName: z.string(),
  causeClass: causeClassSchema,
  /** Null where the model is gone. */
  model: z.string().nullable(),
  series: monitorSeriesSchema,
  /** "feature distance, version 7". */
  target: z.string(),
  severity: severitySchema,
  state: alertStateSchema,
  /** Why it is over: "cleared", "its incident was resolved"; null while it fires. */
  endReason: z.string().nullable(),
  /** It began to fire four times within a day: it stays until it has been calm for longer. */
  isFlapping: z.boolean(),
  /** What its newest window with a value says while it fires; of one that is over, what the last of them said. */
  sentence: z.string(),
  value: z.number(),
  windowFrom: z.iso.datetime(),
  windowUntil: z.iso.datetime(),
  /** Since when its windows can't be judged, and why; it neither fires anew nor clears meanwhile. */
  unknown: z.object({ since: z.iso.datetime(), reason: z.string() }).nullable(),
  /** Where the first of the windows began that made it fire. */
  beganAt: z.iso.datetime(),
  firedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  hasEvidence: z.boolean(),
  /** The silence that hides it now; null where none does, or where that was not asked. */
  silenced: z.object({ silenceId: z.uuid(), until: z.iso.datetime() }).nullable(),
  /** When it counts on its own although another alert explains it; null where none does, or as long as that one fires. */
  explainedUntil: z.iso.datetime().nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertListInput = z.object({
  state: alertStateSchema.optional(),
  model: z.string().min(1).max(128).optional(),
  monitorId: z.uuid().optional(),
  /** The `next` of the page before. */
  cursor: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export type AlertFilter = Omit<z.input<typeof alertListInput>, "limit"> & { limit?: number };

export const alertListOutput = z.object({
  alerts: z.array(
    alertSchema.extend({
      /** The incident that has it; null where it has left all of them. */
      incident: z.object({ number: z.int(), role: z.enum(["own", "explained"]) }).nullable(),
    }),
  ),
  next: z.string().nullable(),
});
export type AlertList = z.infer<typeof alertListOutput>;

const refetchMs = 10_000;

export const alertListQuery = (workspace: string, filter: AlertFilter) =>
  queryOptions({
    queryKey: ["alert", workspace, filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/alerts`,
        query: filter,
        output: alertListOutput,
        signal,
      }),
    refetchInterval: refetchMs,
  });
