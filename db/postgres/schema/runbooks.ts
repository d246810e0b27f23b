import {
  bigint,
  boolean,
  date,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { AttachRule, QueryResult, StepOutcome } from "#lib/domain/runbook.ts";
import { at } from "./at.ts";

export const runbooks = pgTable("runbooks", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  title: text("title").notNull(),
  version: integer("version").notNull(),
  revision: integer("revision").notNull(),
  ownerUserId: uuid("owner_user_id"),
  ownerTeamId: uuid("owner_team_id"),
  /** A day, as 2027-02-01. */
  reviewBy: date("review_by", { mode: "string" }),
  attachRule: jsonb("attach_rule").$type<AttachRule>().notNull(),
  isEnabled: boolean("is_enabled").notNull(),
  archivedAt: at("archived_at"),
  libraryKey: text("library_key"),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const runbookVersions = pgTable(
  "runbook_versions",
  {
    workspaceId: uuid("workspace_id").notNull(),
    runbookId: uuid("runbook_id").notNull(),
    version: integer("version").notNull(),
    title: text("title").notNull(),
    body: text("body").notNull(),
    note: text("note").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: at("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.runbookId, table.version] })],
);

export const incidentRunbooks = pgTable(
  "incident_runbooks",
  {
    workspaceId: uuid("workspace_id").notNull(),
    incidentId: uuid("incident_id").notNull(),
    runbookId: uuid("runbook_id").notNull(),
    version: integer("version").notNull(),
    place: integer("place").notNull(),
    reason: text("reason").notNull(),
    attachedBy: jsonb("attached_by").$type<IncidentActor>().notNull(),
    attachedAt: at("attached_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.runbookId] })],
);

export const runbookRecords = pgTable("runbook_records", {
  id: uuid("id").primaryKey(),
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  workspaceId: uuid("workspace_id").notNull(),
  incidentId: uuid("incident_id").notNull(),
  runbookId: uuid("runbook_id").notNull(),
  stepId: text("step_id").notNull(),
  outcome: text("outcome").$type<StepOutcome>().notNull(),
  note: text("note").notNull(),
  result: jsonb("result").$type<QueryResult>(),
  actor: jsonb("actor").$type<IncidentActor>().notNull(),
  recordedAt: at("recorded_at").notNull(),
});
