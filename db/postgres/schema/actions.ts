import { bigint, boolean, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type {
  ActionDefinition,
  ActionKind,
  ActionRunMode,
  ActionRunState,
  CheckResult,
} from "#lib/domain/action.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { ReactionDefinition, ReactionEvent, ReactionOutcome } from "#lib/domain/reaction.ts";
import { at } from "./at.ts";

export const actions = pgTable("actions", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  slug: text("slug").notNull(),
  name: text("name").notNull(),
  kind: text("kind").$type<ActionKind>().notNull(),
  address: text("address").notNull(),
  definition: jsonb("definition").$type<ActionDefinition>().notNull(),
  sealed: text("sealed").notNull(),
  isEnabled: boolean("is_enabled").notNull().default(true),
  revision: integer("revision").notNull().default(1),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
  deletedAt: at("deleted_at"),
});

/** What a verification has found out so far. */
export interface VerificationRecord {
  askedAt: string;
  series: { label: string; said: string }[];
}

export const actionRuns = pgTable("action_runs", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  actionId: uuid("action_id").notNull(),
  actionSlug: text("action_slug").notNull(),
  actionName: text("action_name").notNull(),
  definition: jsonb("definition").$type<ActionDefinition>().notNull(),
  incidentId: uuid("incident_id"),
  incidentNumber: integer("incident_number"),
  stepId: text("step_id"),
  reactionId: uuid("reaction_id"),
  mode: text("mode").$type<ActionRunMode>().notNull(),
  state: text("state").$type<ActionRunState>().notNull(),
  reason: text("reason").notNull().default(""),
  requestedBy: jsonb("requested_by").$type<IncidentActor>().notNull(),
  requestedAt: at("requested_at").notNull(),
  decidedBy: jsonb("decided_by").$type<IncidentActor>(),
  decidedAt: at("decided_at"),
  checks: jsonb("checks").$type<CheckResult[]>().notNull().default([]),
  body: text("body").notNull().default(""),
  attempt: integer("attempt").notNull().default(0),
  claimUntil: at("claim_until"),
  sentAt: at("sent_at"),
  isMaybeDone: boolean("is_maybe_done").notNull().default(false),
  answeredAt: at("answered_at"),
  status: integer("status"),
  answer: text("answer").notNull().default(""),
  sentence: text("sentence").notNull().default(""),
  succeededAt: at("succeeded_at"),
  verification: jsonb("verification").$type<VerificationRecord>(),
  dueAt: at("due_at"),
  finishedAt: at("finished_at"),
  updatedAt: at("updated_at").notNull(),
});

export const actionRunEvents = pgTable("action_run_events", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  runId: uuid("run_id").notNull(),
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  state: text("state").$type<ActionRunState>().notNull(),
  sentence: text("sentence").notNull(),
  actor: jsonb("actor").$type<IncidentActor>().notNull(),
  at: at("at").notNull(),
});

export const reactions = pgTable("reactions", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  name: text("name").notNull(),
  actionId: uuid("action_id").notNull(),
  definition: jsonb("definition").$type<ReactionDefinition>().notNull(),
  isEnabled: boolean("is_enabled").notNull().default(true),
  activeFrom: at("active_from").notNull(),
  revision: integer("revision").notNull().default(1),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const reactionEvaluations = pgTable("reaction_evaluations", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  reactionId: uuid("reaction_id").notNull(),
  reactionName: text("reaction_name").notNull(),
  actionName: text("action_name").notNull(),
  incidentId: uuid("incident_id").notNull(),
  incidentNumber: integer("incident_number").notNull(),
  event: text("event").$type<ReactionEvent>().notNull(),
  outcome: text("outcome").$type<ReactionOutcome>().notNull(),
  reason: text("reason").notNull(),
  runId: uuid("run_id"),
  at: at("at").notNull(),
});
