import { z } from "zod";

/** From worst to least. */
export const severities = ["sev1", "sev2", "sev3", "sev4", "sev5"] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

/** An incident's way; merged has a link to the one that took it in. */
export const incidentStates = [
  "triggered",
  "acknowledged",
  "mitigated",
  "resolved",
  "closed",
  "merged",
] as const;
export const incidentStateSchema = z.enum(incidentStates);
export type IncidentState = z.infer<typeof incidentStateSchema>;

const alertStates = ["firing", "resolved"] as const;
export const alertStateSchema = z.enum(alertStates);
export type AlertState = z.infer<typeof alertStateSchema>;

/** Whoever did something to an incident, as its timeline names them. `via` says by which way it came. */
export interface IncidentActor {
  kind: "user" | "key" | "job" | "outside";
  /** Of the user or key; the name of the job; what the outside system calls the person. */
  id: string;
  name: string;
  via: "console" | "api" | "slack" | "pagerduty" | "worker";
}

/** What anybody may do to an incident from inside or outside. */
const incidentActions = ["acknowledge", "unacknowledge", "mitigate", "resolve"] as const;
export const incidentActionSchema = z.enum(incidentActions);
export type IncidentAction = z.infer<typeof incidentActionSchema>;

/** How it was judged in the end; what teaches a monitor. */
export const incidentVerdicts = [
  "real_degradation",
  "data_bug",
  "benign_shift",
  "seasonality",
  "monitor_bug",
] as const;
export const incidentVerdictSchema = z.enum(incidentVerdicts);
export type IncidentVerdict = z.infer<typeof incidentVerdictSchema>;

/** A test is worked on like any other and counts nowhere. */
const incidentModes = ["real", "test"] as const;
export const incidentModeSchema = z.enum(incidentModes);
export type IncidentMode = z.infer<typeof incidentModeSchema>;

/** In the order in which they happen. */
export const incidentStampNames = [
  "impactStartedAt",
  "detectedAt",
  "acknowledgedAt",
  "mitigatedAt",
  "resolvedAt",
  "closedAt",
] as const;
export type IncidentStampName = (typeof incidentStampNames)[number];
export type IncidentStamps = Record<Exclude<IncidentStampName, "detectedAt">, Date | null> & {
  detectedAt: Date;
};

const timelineKinds = [
  "declared",
  "alert_fired",
  "alert_cleared",
  "alert_ended",
  "alert_explained",
  "alert_released",
  "acknowledged",
  "acknowledgement_withdrawn",
  "acknowledgement_ran_out",
  "escalated",
  "mitigated",
  "resolved",
  "reopened",
  "closed",
  "merged",
  "absorbed",
  "severity_changed",
  "stamps_edited",
  "owner_changed",
  "roles_changed",
  "title_changed",
  "status_update",
  "split",
  "split_off",
  "note",
  "runbook_attached",
  "step_done",
  "step_skipped",
  "step_reopened",
  "query_result",
  "told",
  "not_told",
  "postmortem",
  "action_item",
  "action_run",
  "action_step",
] as const;
export const timelineKindSchema = z.enum(timelineKinds);
export type TimelineKind = z.infer<typeof timelineKindSchema>;

export const openIncidentStates = ["triggered", "acknowledged", "mitigated"] as const;
export const isOpenIncident = (state: IncidentState): boolean =>
  (openIncidentStates as readonly IncidentState[]).includes(state);

export const severityNames: Record<Severity, string> = {
  sev1: "SEV-1",
  sev2: "SEV-2",
  sev3: "SEV-3",
  sev4: "SEV-4",
  sev5: "SEV-5",
};

/** Who does what while an incident is open; one person may do several. */
export const incidentRoles = ["commander", "investigator", "communications", "scribe"] as const;
export const incidentRoleSchema = z.enum(incidentRoles);
export type IncidentRole = z.infer<typeof incidentRoleSchema>;
/** By role, the id of the member who has it. */
export type IncidentRoles = Partial<Record<IncidentRole, string>>;

/** How far people have come, as a status update says it to those who wait. */
export const incidentPhases = ["investigating", "identified", "monitoring"] as const;
export const incidentPhaseSchema = z.enum(incidentPhases);
export type IncidentPhase = z.infer<typeof incidentPhaseSchema>;

/** What an open incident lacks that nobody will do anything about: nobody was told of it, nobody is to be paged next, an acknowledgement
 *  that ran out and was not taken back; and that it has no owner, which alone is counted and not told. */
export const auditFindings = ["unheard", "stalled", "ack_expired", "unowned"] as const;
export type AuditFinding = (typeof auditFindings)[number];
