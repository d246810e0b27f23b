import { z } from "zod";
import type { ChangeKind } from "./change.ts";
import type { IncidentState, Severity } from "./incident.ts";
import type { CauseClass } from "./monitor.ts";

/** Why a message is sent. */
export const notificationKinds = [
  "triggered",
  "updated",
  "acknowledged",
  "escalated",
  "reminded",
  "mitigated",
  "resolved",
  "reopened",
  "test",
  /** Nothing broke: something was changed. */
  "change",
] as const;
export const notificationKindSchema = z.enum(notificationKinds);
export type NotificationKind = z.infer<typeof notificationKindSchema>;

/** One alert as a message tells it, most important first. */
export interface MessageAlert {
  alertId: string;
  monitorName: string;
  /** The feature, segment or version that it is about, in words. */
  target: string;
  state: "firing" | "resolved";
  /** Value, threshold, sample size and window in words. */
  sentence: string;
  startedAt: string;
  endedAt: string | null;
}

/** What an incident says at one moment, the same for every destination: a renderer makes a payload of it and nothing else. Times
 *  are ISO 8601 in UTC. */
export interface IncidentMessage {
  kind: NotificationKind;
  /** Left out: an incident. An action item goes by its own id, and opens nothing anywhere. */
  about?: "action_item" | undefined;
  workspaceName: string;
  incidentId: string;
  /** Of this workspace, from 1. */
  incidentNumber: number;
  /** Grows with every message of the incident. */
  sequence: number;
  /** Stable over the incident's life, its reopenings included: hashed it is the key of PagerDuty and Alertmanager. */
  groupKey: string;
  title: string;
  state: IncidentState;
  severity: Severity;
  causeClass: CauseClass;
  /** Null of an incident that was declared by hand and names no model. */
  model: { name: string; environment: string; version: string } | null;
  /** What is broken, in one sentence. */
  answer: string;
  impactStartedAt: string | null;
  detectedAt: string;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  mitigatedAt: string | null;
  resolvedAt: string | null;
  ownerName: string | null;
  /** Why this message, in words, such as "nobody acknowledged within 30 min". */
  note: string | null;
  /** The most important first; perhaps not all of them. */
  alerts: MessageAlert[];
  firingCount: number;
  resolvedCount: number;
  /** Alerts that this incident's cause explains and that page on their own only when they outlive it. */
  explainedCount: number;
  runbookUrl: string | null;
  /** Null where nobody said under which address the console is found. */
  incidentUrl: string | null;
  /** Of a message that tells of a change, and of no incident. */
  change?: MessageChange;
}

export interface MessageChange {
  kind: ChangeKind;
  source: string;
  url: string | null;
  details: Record<string, string>;
}
