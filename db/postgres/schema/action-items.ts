import { bigint, date, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type {
  AcceptanceResult,
  AcceptanceTest,
  ActionItemEventKind,
  ActionItemKind,
  ActionItemState,
  Priority,
} from "#lib/domain/action-item.ts";
import { at } from "./at.ts";

export const actionItemCounters = pgTable("action_item_counters", {
  workspaceId: uuid("workspace_id").primaryKey(),
  lastNumber: integer("last_number").notNull(),
});

export const actionItems = pgTable("action_items", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  number: integer("number").notNull(),
  title: text("title").notNull(),
  description: text("description").notNull().default(""),
  kind: text("kind").$type<ActionItemKind>().notNull(),
  priority: text("priority").$type<Priority>().notNull(),
  state: text("state").$type<ActionItemState>().notNull(),
  stateReason: text("state_reason").notNull().default(""),
  ownerUserId: uuid("owner_user_id"),
  ownerTeamId: uuid("owner_team_id"),
  /** A day of the workspace's calendar, as YYYY-MM-DD. */
  dueOn: date("due_on", { mode: "string" }),
  trackerUrl: text("tracker_url").notNull().default(""),
  incidentId: uuid("incident_id"),
  postmortemId: uuid("postmortem_id"),
  acceptance: jsonb("acceptance").$type<AcceptanceTest>(),
  testResult: jsonb("test_result").$type<AcceptanceResult>(),
  testDueAt: at("test_due_at"),
  remindAt: at("remind_at"),
  messageCount: integer("message_count").notNull().default(0),
  revision: integer("revision").notNull().default(1),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
  doneAt: at("done_at"),
});

export const actionItemEvents = pgTable("action_item_events", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  itemId: uuid("item_id").notNull(),
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  kind: text("kind").$type<ActionItemEventKind>().notNull(),
  text: text("text").notNull(),
  actor: text("actor").notNull(),
  occurredAt: at("occurred_at").notNull(),
});
