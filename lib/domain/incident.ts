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

export const alertStates = ["firing", "resolved"] as const;
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
export const incidentActions = ["acknowledge", "unacknowledge", "mitigate", "resolve"] as const;
export const incidentActionSchema = z.enum(incidentActions);
export type IncidentAction = z.infer<typeof incidentActionSchema>;
