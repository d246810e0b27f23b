import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import type {
  AlertState,
  AuditFinding,
  IncidentActor,
  IncidentMode,
  IncidentRoles,
  IncidentState,
  IncidentVerdict,
  Severity,
  TimelineKind,
} from "#lib/domain/incident.ts";
import type { CauseClass, SeriesSubject } from "#lib/domain/monitor.ts";
import type { TimelineDetail } from "#lib/domain/timeline-detail.ts";
import { at } from "./at.ts";

export const alertSeries = pgTable(
  "alert_series",
  {
    workspaceId: uuid("workspace_id").notNull(),
    monitorId: uuid("monitor_id").notNull(),
    seriesKey: text("series_key").notNull(),
    monitorRevision: integer("monitor_revision").notNull(),
    memory: jsonb("memory").notNull(),
    alertId: uuid("alert_id"),
    updatedAt: at("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.monitorId, table.seriesKey] })],
);

export const alerts = pgTable("alerts", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  monitorId: uuid("monitor_id").notNull(),
  monitorName: text("monitor_name").notNull(),
  monitorKind: text("monitor_kind").notNull(),
  causeClass: text("cause_class").$type<CauseClass>().notNull(),
  modelId: uuid("model_id").notNull(),
  environment: text("environment").notNull(),
  version: text("version").notNull(),
  subject: text("subject").$type<SeriesSubject>().notNull(),
  column: text("column_name").notNull(),
  segmentKey: text("segment_key").notNull(),
  segmentValue: text("segment_value").notNull(),
  seriesKey: text("series_key").notNull(),
  severity: text("severity").$type<Severity>().notNull(),
  state: text("state").$type<AlertState>().notNull(),
  endReason: text("end_reason"),
  isFlapping: boolean("is_flapping").notNull().default(false),
  sentence: text("sentence").notNull(),
  value: doublePrecision("value").notNull(),
  windowFrom: at("window_from").notNull(),
  windowUntil: at("window_until").notNull(),
  unknownSince: at("unknown_since"),
  unknownReason: text("unknown_reason"),
  beganAt: at("began_at").notNull(),
  firedAt: at("fired_at").notNull(),
  endedAt: at("ended_at"),
  destinationIds: uuid("destination_ids").array().notNull(),
  evidenceHash: text("evidence_hash"),
  explainedBy: uuid("explained_by"),
  explainedUntil: at("explained_until"),
});

export const incidentCounters = pgTable("incident_counters", {
  workspaceId: uuid("workspace_id").primaryKey(),
  lastNumber: integer("last_number").notNull(),
});

export const incidents = pgTable("incidents", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  number: integer("number").notNull(),
  groupKey: text("group_key").notNull(),
  mode: text("mode").$type<IncidentMode>().notNull(),
  endsByHand: boolean("ends_by_hand").notNull(),
  title: text("title").notNull(),
  state: text("state").$type<IncidentState>().notNull(),
  severity: text("severity").$type<Severity>().notNull(),
  severityReason: text("severity_reason"),
  causeClass: text("cause_class").$type<CauseClass>().notNull(),
  modelId: uuid("model_id"),
  modelName: text("model_name"),
  environment: text("environment").notNull(),
  segmentKey: text("segment_key").notNull(),
  segmentValue: text("segment_value").notNull(),
  ownerUserId: uuid("owner_user_id"),
  ownerTeamId: uuid("owner_team_id"),
  destinationIds: uuid("destination_ids").array().notNull(),
  runbookUrl: text("runbook_url"),
  impactStartedAt: at("impact_started_at"),
  impactEarliest: at("impact_earliest"),
  impactLatest: at("impact_latest"),
  detectedAt: at("detected_at").notNull(),
  acknowledgedAt: at("acknowledged_at"),
  mitigatedAt: at("mitigated_at"),
  resolvedAt: at("resolved_at"),
  closedAt: at("closed_at"),
  acknowledgedBy: text("acknowledged_by"),
  ackUntil: at("ack_until"),
  notifyFrom: at("notify_from").notNull(),
  reopenUntil: at("reopen_until"),
  mergedIntoId: uuid("merged_into"),
  followsId: uuid("follows"),
  verdict: text("verdict").$type<IncidentVerdict>(),
  sequence: integer("sequence").notNull().default(0),
  isHeld: boolean("is_held").notNull().default(false),
  tickAt: at("tick_at"),
  revision: integer("revision").notNull().default(1),
  fieldRevisions: jsonb("field_revisions").$type<Record<string, number>>().notNull().default({}),
  roles: jsonb("roles").$type<IncidentRoles>().notNull().default({}),
  resolution: text("resolution"),
  splitFromId: uuid("split_from"),
  splitSeries: text("split_series").array().notNull().default([]),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const incidentAlerts = pgTable(
  "incident_alerts",
  {
    workspaceId: uuid("workspace_id").notNull(),
    incidentId: uuid("incident_id").notNull(),
    alertId: uuid("alert_id").notNull(),
    role: text("role").$type<"own" | "explained">().notNull(),
    attachedAt: at("attached_at").notNull(),
    leftAt: at("left_at"),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.alertId] })],
);

export const incidentTimeline = pgTable("incident_timeline", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  incidentId: uuid("incident_id").notNull(),
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  kind: text("kind").$type<TimelineKind>().notNull(),
  text: text("text").notNull(),
  actor: jsonb("actor").$type<IncidentActor>().notNull(),
  /** What the entry shows beside its words. */
  detail: jsonb("detail").$type<TimelineDetail>(),
  occurredAt: at("occurred_at").notNull(),
  recordedAt: at("recorded_at").notNull(),
});

export const incidentEvidence = pgTable(
  "incident_evidence",
  {
    workspaceId: uuid("workspace_id").notNull(),
    hash: text("hash").notNull(),
    evidence: jsonb("evidence").$type<FrozenEvidence>().notNull(),
    frozenAt: at("frozen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.hash] })],
);

export const incidentNotifications = pgTable(
  "incident_notifications",
  {
    workspaceId: uuid("workspace_id").notNull(),
    incidentId: uuid("incident_id").notNull(),
    destinationId: uuid("destination_id").notNull(),
    firing: uuid("firing").array().notNull(),
    resolved: uuid("resolved").array().notNull(),
    toldAt: at("told_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.destinationId] })],
);

export const incidentAudits = pgTable("incident_audits", {
  incidentId: uuid("incident_id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  findings: text("findings").array().$type<AuditFinding[]>().notNull(),
  foundAt: at("found_at").notNull(),
  toldAt: at("told_at").notNull(),
  toldCount: integer("told_count").notNull(),
});
