import {
  bigint,
  boolean,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type {
  DeliveryFailure,
  DeliveryRemedy,
  DestinationKind,
  NotificationState,
} from "#lib/domain/destination.ts";
import type { IncidentMessage, NotificationKind } from "#lib/domain/notification.ts";
import { at } from "./at.ts";

export const destinations = pgTable("destinations", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  name: text("name").notNull(),
  kind: text("kind").$type<DestinationKind>().notNull(),
  address: text("address").notNull(),
  settings: jsonb("settings").$type<Record<string, unknown>>().notNull(),
  sealed: text("sealed").notNull(),
  isEnabled: boolean("is_enabled").notNull().default(true),
  isDefault: boolean("is_default").notNull().default(false),
  disabledReason: text("disabled_reason").notNull().default(""),
  revision: bigint("revision", { mode: "number" }).notNull().default(1),
  createdBy: uuid("created_by"),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
  deletedAt: at("deleted_at"),
  leasedUntil: at("leased_until"),
  pausedUntil: at("paused_until"),
  lastSentAt: at("last_sent_at"),
  lastFailedAt: at("last_failed_at"),
  lastFailure: text("last_failure").notNull().default(""),
});

export const notifications = pgTable("notifications", {
  id: uuid("id").primaryKey(),
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  workspaceId: uuid("workspace_id").notNull(),
  incidentId: uuid("incident_id").notNull(),
  incidentNumber: integer("incident_number").notNull(),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  destinationId: uuid("destination_id").notNull(),
  kind: text("kind").$type<NotificationKind>().notNull(),
  dedupKey: text("dedup_key").notNull(),
  message: jsonb("message").$type<IncidentMessage>().notNull(),
  state: text("state").$type<NotificationState>().notNull(),
  attempt: integer("attempt").notNull().default(0),
  attemptBase: integer("attempt_base").notNull().default(0),
  nextAt: at("next_at").notNull(),
  lifetimeFrom: at("lifetime_from").notNull(),
  possibleDuplicate: boolean("possible_duplicate").notNull().default(false),
  fallbackFor: uuid("fallback_for"),
  failure: text("failure").$type<DeliveryFailure>(),
  remedy: text("remedy").$type<DeliveryRemedy>(),
  status: integer("status"),
  answer: text("answer").notNull().default(""),
  createdAt: at("created_at").notNull(),
  finishedAt: at("finished_at"),
});

export const notificationAttempts = pgTable(
  "notification_attempts",
  {
    notificationId: uuid("notification_id").notNull(),
    attempt: integer("attempt").notNull(),
    workspaceId: uuid("workspace_id").notNull(),
    startedAt: at("started_at").notNull(),
    finishedAt: at("finished_at"),
    outcome: text("outcome")
      .$type<"unknown" | "sent" | "retry" | "permanent" | "not_told">()
      .notNull()
      .default("unknown"),
    failure: text("failure").$type<DeliveryFailure>(),
    status: integer("status"),
    answer: text("answer").notNull().default(""),
  },
  (table) => [primaryKey({ columns: [table.notificationId, table.attempt] })],
);

export const notificationThreads = pgTable(
  "notification_threads",
  {
    incidentId: uuid("incident_id").notNull(),
    destinationId: uuid("destination_id").notNull(),
    workspaceId: uuid("workspace_id").notNull(),
    sealed: text("sealed").notNull(),
    updatedAt: at("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.destinationId] })],
);

export const inboundEvents = pgTable(
  "inbound_events",
  {
    destinationId: uuid("destination_id").notNull(),
    eventId: text("event_id").notNull(),
    seenAt: at("seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.destinationId, table.eventId] })],
);

export const slackAccounts = pgTable(
  "slack_accounts",
  {
    workspaceId: uuid("workspace_id").notNull(),
    slackTeamId: text("slack_team_id").notNull(),
    slackUserId: text("slack_user_id").notNull(),
    userId: uuid("user_id").notNull(),
    linkedAt: at("linked_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.slackTeamId, table.slackUserId] })],
);
