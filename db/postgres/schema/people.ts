import { boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { EscalationRules, EscalationSnapshot } from "#lib/domain/escalation.ts";
import type { ScheduleDefinition } from "#lib/domain/schedule.ts";
import type { AlertLabels, SilenceMatcher, SilenceRecurrence } from "#lib/domain/silence.ts";
import { at } from "./at.ts";

export const silences = pgTable("silences", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  matchers: jsonb("matchers").$type<SilenceMatcher[]>().notNull(),
  startsAt: at("starts_at").notNull(),
  endsAt: at("ends_at").notNull(),
  expiredAt: at("expired_at"),
  expiredBy: text("expired_by"),
  quietMinutes: integer("quiet_minutes"),
  lastHidAt: at("last_hid_at"),
  recurrence: jsonb("recurrence").$type<SilenceRecurrence>(),
  reason: text("reason").notNull(),
  ticket: text("ticket").notNull().default(""),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
});

export const silencedAlerts = pgTable(
  "silenced_alerts",
  {
    workspaceId: uuid("workspace_id").notNull(),
    silenceId: uuid("silence_id").notNull(),
    alertId: uuid("alert_id").notNull(),
    labels: jsonb("labels").$type<AlertLabels>().notNull(),
    firstHiddenAt: at("first_hidden_at").notNull(),
    lastHiddenAt: at("last_hidden_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.silenceId, table.alertId] })],
);

export const schedules = pgTable("schedules", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  name: text("name").notNull(),
  definition: jsonb("definition").$type<ScheduleDefinition>().notNull(),
  revision: integer("revision").notNull().default(1),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const scheduleOverrides = pgTable("schedule_overrides", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  scheduleId: uuid("schedule_id").notNull(),
  userId: uuid("user_id").notNull(),
  fromTime: at("from_time").notNull(),
  untilTime: at("until_time").notNull(),
  reason: text("reason").notNull().default(""),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
});

export const escalationPolicies = pgTable("escalation_policies", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  name: text("name").notNull(),
  rules: jsonb("rules").$type<EscalationRules>().notNull(),
  isDefault: boolean("is_default").notNull().default(false),
  revision: integer("revision").notNull().default(1),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const incidentEscalations = pgTable("incident_escalations", {
  workspaceId: uuid("workspace_id").notNull(),
  incidentId: uuid("incident_id").primaryKey(),
  snapshot: jsonb("snapshot").$type<EscalationSnapshot>(),
  status: text("status").$type<"running" | "paused" | "over">().notNull(),
  startedAt: at("started_at").notNull(),
  stepCount: integer("step_count").notNull(),
  lastStepAt: at("last_step_at"),
  dueAt: at("due_at"),
  updatedAt: at("updated_at").notNull(),
});
