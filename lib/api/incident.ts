import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { frozenEvidenceSchema } from "#lib/domain/evidence.ts";
import {
  incidentModeSchema,
  incidentPhaseSchema,
  incidentRoleSchema,
  incidentRoles,
  incidentStateSchema,
  incidentVerdictSchema,
  severitySchema,
} from "#lib/domain/incident.ts";
import { causeClassSchema } from "#lib/domain/monitor.ts";
import { alertSchema } from "./alert.ts";
import { requestJson, workspacePath } from "./request.ts";
import { timelineEntrySchema } from "./timeline.ts";

const instant = z.iso.datetime();
const moment = z.iso.datetime({ offset: true });

export const incidentSummarySchema = z.object({
  id: z.uuid(),
  /** Of the workspace, from 1; what an address names. */
  number: z.int(),
  title: z.string(),
  /** What is broken and for whom, from its alerts as they stand. */
  answer: z.string(),
  state: incidentStateSchema,
  severity: severitySchema,
  /** Why a person set it; null: it is computed from the alerts. */
  severityReason: z.string().nullable(),
  causeClass: causeClassSchema,
  mode: incidentModeSchema,
  endsByHand: z.boolean(),
  model: z.string().nullable(),
  environment: z.string(),
  segment: z.object({ key: z.string(), value: z.string() }).nullable(),
  owner: z.object({ kind: z.enum(["user", "team"]), id: z.uuid(), name: z.string() }).nullable(),
  acknowledgedBy: z.string().nullable(),
  impactStartedAt: instant.nullable(),
  detectedAt: instant,
  acknowledgedAt: instant.nullable(),
  mitigatedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  closedAt: instant.nullable(),
  firingCount: z.int(),
  alertCount: z.int(),
  /** Alerts that its cause explains, which page on their own only if they outlive it. */
  explainedCount: z.int(),
  /** A silence keeps back what would be told. */
  isHeld: z.boolean(),
});
export type IncidentSummary = z.infer<typeof incidentSummarySchema>;

export const incidentListInput = z.object({
  /** `open` is all that is triggered, acknowledged or mitigated. */
  state: z.union([z.literal("open"), incidentStateSchema]).optional(),
  severity: severitySchema.optional(),
  model: z.string().min(1).max(128).optional(),
  causeClass: causeClassSchema.optional(),
  /** `me`, `nobody`, or the id of a user or team. */
  owner: z.union([z.literal("me"), z.literal("nobody"), z.uuid()]).optional(),
  /** The `next` of the page before. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type IncidentFilter = Omit<z.input<typeof incidentListInput>, "limit" | "before"> & {
  limit?: number;
  before?: number;
};

export const incidentListOutput = z.object({
  incidents: z.array(incidentSummarySchema),
  /** The number that the page after this one begins below; null: this was the last. */
  next: z.int().nullable(),
  /** Of the whole workspace, whatever was asked. */
  counts: z.object({
    open: z.int(),
    triggered: z.int(),
    /** Open, and neither a person nor a team owns it. */
    unowned: z.int(),
  }),
});
export type IncidentList = z.infer<typeof incidentListOutput>;

export const incidentInput = z.object({ incident: z.coerce.number().int().min(1) });

export const incidentOutput = incidentSummarySchema.extend({
  /** Grows with every change of what people set; a change says which one it was made from. */
  revision: z.int(),
  /** Who does what; a role that nobody has is not among them. */
  roles: z.array(z.object({ role: incidentRoleSchema, userId: z.uuid(), name: z.string() })),
  alerts: z.array(alertSchema),
  explained: z.array(alertSchema),
  timeline: z.array(timelineEntrySchema),
  /** Where its impact began with 95 %, as the values say; null where they don't, or where a person corrected it. */
  impactBetween: z.object({ from: instant, until: instant }).nullable(),
  runbookUrl: z.string().nullable(),
  /** The policy as it was when it opened; null: there was none, and nobody is paged by levels. */
  escalation: z
    .object({
      policy: z.string(),
      levelCount: z.int(),
      /** Levels that were paged, rounds included. */
      pagedCount: z.int(),
      lastAt: instant.nullable(),
    })
    .nullable(),
  verdict: incidentVerdictSchema.nullable(),
  /** Until when the same trouble reopens it. */
  reopenUntil: instant.nullable(),
  ackUntil: instant.nullable(),
  mergedInto: z.int().nullable(),
  /** The one that this was split off. */
  splitFrom: z.int().nullable(),
  /** What fixed it, as whoever resolved it said. */
  resolution: z.string().nullable(),
  /** The one of the same kind before it. */
  follows: z.int().nullable(),
});
export type Incident = z.infer<typeof incidentOutput>;

export const evidenceInput = incidentInput.extend({ alertId: z.uuid() });
export const evidenceOutput = z.object({ hash: z.string(), evidence: frozenEvidenceSchema });

/** Whether what was frozen is found again in what is stored now. */
export const reproductionOutput = z.object({
  verdict: z.enum(["same", "differs", "cannot"]),
  frozenValue: z.number(),
  frozenSampleCount: z.int(),
  /** null: it can't be computed any more. */
  value: z.number().nullable(),
  sampleCount: z.int().nullable(),
  difference: z.number().nullable(),
  /** Why it differs, or why it can't be computed. */
  reason: z.string().nullable(),
  checkedAt: instant,
});
export type ReproductionAnswer = z.infer<typeof reproductionOutput>;

const reason = z.string().trim().min(1).max(1_000);

const incidentActionNames = [
  "acknowledge",
  "unacknowledge",
  "mitigate",
  "resolve",
  "reopen",
  "close",
  "merge",
  "split",
] as const;

export const incidentActionInput = incidentInput.extend({
  action: z.enum(incidentActionNames),
  /** Due to resolve and to reopen. */
  reason: reason.optional(),
  /** Due to close: how it turned out. */
  verdict: incidentVerdictSchema.optional(),
  /** Due to merge: the number of the incident that takes it in. */
  into: z.int().min(1).optional(),
  /** Due to split: the alerts that leave. */
  alertIds: z.array(z.uuid()).min(1).max(500).optional(),
  /** To split: what the new incident is called. */
  title: z.string().trim().min(3).max(200).optional(),
});
export type IncidentActionRequest =
  | { action: "acknowledge" }
  | { action: "unacknowledge" | "mitigate"; reason?: string }
  | { action: "resolve" | "reopen"; reason: string }
  | { action: "close"; verdict: z.infer<typeof incidentVerdictSchema>; reason?: string }
  | { action: "merge"; into: number }
  | { action: "split"; alertIds: string[]; title?: string };

const memberOrNobody = z.uuid().nullable().optional();

export const updateIncidentInput = incidentInput.extend({
  /** The one that was read. A field that somebody else has set since is answered with 412 and how it stands; others go through. */
  revision: z.int().min(1),
  title: z.string().trim().min(3).max(200).optional(),
  /** Of each role that is named: a member, or null for nobody. */
  roles: z
    .strictObject(
      Object.fromEntries(incidentRoles.map((role) => [role, memberOrNobody])) as Record<
        (typeof incidentRoles)[number],
        typeof memberOrNobody
      >,
    )
    .optional(),
  severity: severitySchema.optional(),
  impactStartedAt: moment.nullable().optional(),
  detectedAt: moment.optional(),
  acknowledgedAt: moment.optional(),
  mitigatedAt: moment.optional(),
  resolvedAt: moment.optional(),
  closedAt: moment.optional(),
  /** A member, or null for nobody. */
  ownerUserId: z.uuid().nullable().optional(),
  /** Due with a severity or a moment: it goes to the timeline. */
  reason: reason.optional(),
});
export type IncidentPatch = Omit<z.input<typeof updateIncidentInput>, "incident">;

export const statusUpdateInput = incidentInput.extend({
  phase: incidentPhaseSchema,
  text: z.string().trim().min(1).max(900),
});
export type StatusUpdate = Omit<z.input<typeof statusUpdateInput>, "incident">;

/** Every change of an incident as the audit log has it, newest first. */
export const incidentHistoryOutput = z.object({
  changes: z.array(
    z.object({
      id: z.uuid(),
      at: instant,
      action: z.string(),
      actor: z.object({ kind: z.string(), name: z.string() }),
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
});
export type IncidentHistory = z.infer<typeof incidentHistoryOutput>;

export const declareIncidentInput = z.object({
  title: z.string().trim().min(3).max(200),
  reason,
  severity: severitySchema,
  causeClass: causeClassSchema.default("other"),
  model: z.string().min(1).max(128).optional(),
  environment: z.string().max(128).default("production"),
  mode: incidentModeSchema.default("real"),
  impactStartedAt: moment.optional(),
  ownerUserId: z.uuid().optional(),
});
export const declaredIncidentOutput = z.object({ number: z.int() });

export const similarIncidentsInput = incidentInput.extend({
  limit: z.coerce.number().int().min(1).max(20).default(5),
});
export const similarIncidentsOutput = z.object({
  /** false: no alert opened it, or none had evidence to compare. */
  hasSignature: z.boolean(),
  comparedCount: z.int(),
  likenessMin: z.number(),
  /** The most alike first. */
  similar: z.array(
    z.object({
      incident: incidentSummarySchema,
      /** Between 0 and 1, by the shape of the shift. */
      likeness: z.number(),
      /** Features that both are about, of the same model. */
      sharedColumns: z.array(z.string()),
      /** The simple fault that explains both. */
      sharedCause: z.string().nullable(),
      verdict: incidentVerdictSchema.nullable(),
      resolution: z.string().nullable(),
      /** What was run about it, the newest last. */
      remedies: z.array(z.string()),
      hasPostmortem: z.boolean(),
    }),
  ),
});
export type SimilarIncidents = z.infer<typeof similarIncidentsOutput>;

const incidentsPath = (workspace: string) => `${workspacePath(workspace)}/incidents`;
const incidentPath = (workspace: string, number: number) => `${incidentsPath(workspace)}/${number}`;

const refetchMs = 10_000;

export const incidentListQuery = (workspace: string, filter: IncidentFilter) =>
  queryOptions({
    queryKey: ["incident", workspace, "list", filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: incidentsPath(workspace),
        query: filter,
        output: incidentListOutput,
        signal,
      }),
    refetchInterval: refetchMs,
  });

export const incidentQuery = (workspace: string, number: number) =>
  queryOptions({
    queryKey: ["incident", workspace, number],
    queryFn: ({ signal }) =>
      requestJson({ path: incidentPath(workspace, number), output: incidentOutput, signal }),
    refetchInterval: refetchMs,
  });

/** It never changes: that is its point. */
export const evidenceQuery = (workspace: string, number: number, alertId: string) =>
  queryOptions({
    queryKey: ["incident", workspace, number, "evidence", alertId],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${incidentPath(workspace, number)}/alerts/${alertId}/evidence`,
        output: evidenceOutput,
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Asked for when somebody wants to know: it reads the rows anew. */
export const reproductionQuery = (workspace: string, number: number, alertId: string) =>
  queryOptions({
    queryKey: ["incident", workspace, number, "reproduction", alertId],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${incidentPath(workspace, number)}/alerts/${alertId}/reproduction`,
        output: reproductionOutput,
        signal,
      }),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const actOnIncident = (
  workspace: string,
  number: number,
  request: IncidentActionRequest,
): Promise<Incident> =>
  requestJson({
    path: `${incidentPath(workspace, number)}/actions`,
    method: "POST",
    body: request,
    output: incidentOutput,
  });

export const updateIncident = (
  workspace: string,
  number: number,
  patch: IncidentPatch,
): Promise<Incident> =>
  requestJson({
    path: incidentPath(workspace, number),
    method: "PATCH",
    body: patch,
    output: incidentOutput,
  });

export const sendStatusUpdate = (
  workspace: string,
  number: number,
  update: StatusUpdate,
): Promise<Incident> =>
  requestJson({
    path: `${incidentPath(workspace, number)}/updates`,
    method: "POST",
    body: update,
    output: incidentOutput,
  });

export const incidentHistoryQuery = (workspace: string, number: number) =>
  queryOptions({
    queryKey: ["incident", workspace, number, "history"],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${incidentPath(workspace, number)}/history`,
        output: incidentHistoryOutput,
        signal,
      }),
  });

export const declareIncident = (workspace: string, input: z.input<typeof declareIncidentInput>) =>
  requestJson({
    path: incidentsPath(workspace),
    method: "POST",
    body: input,
    output: declaredIncidentOutput,
  });

export const similarIncidentsQuery = (workspace: string, number: number) =>
  queryOptions({
    queryKey: ["incident", workspace, number, "similar"],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${incidentPath(workspace, number)}/similar`,
        output: similarIncidentsOutput,
        signal,
      }),
    staleTime: 60_000,
  });
