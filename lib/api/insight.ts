import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { incidentVerdictSchema } from "#lib/domain/incident.ts";
import { insightLimits, insightMeasureSchema, itemOutcomeSchema } from "#lib/domain/insight.ts";
import { causeClassSchema } from "#lib/domain/monitor.ts";
import { requestJson, workspacePath } from "./request.ts";

const instant = z.iso.datetime();

export const insightInput = z.object({
  /** How far back, by when incidents were detected. */
  days: z.coerce.number().int().min(1).max(insightLimits.daysMax).default(90),
  model: z.string().min(1).max(128).optional(),
  teamId: z.uuid().optional(),
});

const durationSchema = z.object({
  measure: insightMeasureSchema,
  /** null: no incident has both moments. */
  medianMs: z.number().nullable(),
  p90Ms: z.number().nullable(),
  count: z.int(),
  /** Incidents that lack one of the two moments. */
  withoutCount: z.int(),
});

const groupSchema = z.object({
  /** null: of no model, or owned by no team. */
  name: z.string().nullable(),
  incidentCount: z.int(),
  durations: z.array(durationSchema),
});

const worthFields = {
  incidentCount: z.int(),
  /** Messages that asked somebody to look: the first, reminders, reopenings and escalations, one per destination. */
  pageCount: z.int(),
  /** Closed with a verdict, and of those a real degradation or a data bug. */
  judgedCount: z.int(),
  realCount: z.int(),
  /** With the 95 % interval of Wilson. */
  realShare: z.object({ value: z.number(), lower: z.number(), upper: z.number() }).nullable(),
  /** Pages of the judged for each real one; null where none was real. */
  pagesPerReal: z.number().nullable(),
  /** Even at best fewer than half of its pages are about something real. */
  isForRetirement: z.boolean(),
};

export const insightOutput = z.object({
  from: instant,
  until: instant,
  /** There were more; only the newest are counted. */
  isCut: z.boolean(),
  incidentCount: z.int(),
  openCount: z.int(),
  definitions: z.object({
    detect: z.string(),
    acknowledge: z.string(),
    mitigate: z.string(),
    resolve: z.string(),
    quantiles: z.string(),
  }),
  durations: z.array(durationSchema),
  byTeam: z.array(groupSchema),
  byModel: z.array(groupSchema),
  byCause: z.array(groupSchema),
  recurrences: z.array(
    z.object({
      title: z.string(),
      model: z.string().nullable(),
      causeClass: causeClassSchema,
      medianGapMs: z.number().nullable(),
      /** Newest first. */
      incidents: z.array(
        z.object({
          number: z.int(),
          detectedAt: instant,
          verdict: incidentVerdictSchema.nullable(),
          resolution: z.string().nullable(),
        }),
      ),
      incidentCount: z.int(),
    }),
  ),
  /** Of the incidents that are counted; the ones that did not hold first. */
  actionItems: z.object({
    counts: z.object({
      held: z.int(),
      came_back: z.int(),
      reopened: z.int(),
      open: z.int(),
      wont_do: z.int(),
    }),
    items: z.array(
      z.object({
        number: z.int(),
        title: z.string(),
        incident: z.int(),
        outcome: itemOutcomeSchema,
        doneAt: instant.nullable(),
        /** The first incident of the same trouble after it was done. */
        cameBackAs: z.int().nullable(),
      }),
    ),
  }),
  worth: z.object(worthFields),
  monitors: z.array(z.object({ monitorId: z.uuid(), name: z.string(), ...worthFields })),
});
export type Insight = z.infer<typeof insightOutput>;

const refetchMs = 60_000;

export const insightQuery = (workspace: string, filter: z.input<typeof insightInput>) =>
  queryOptions({
    queryKey: ["insight", workspace, filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/insights`,
        query: { days: Number(filter.days ?? 90), model: filter.model, teamId: filter.teamId },
        output: insightOutput,
        signal,
      }),
    refetchInterval: refetchMs,
  });
