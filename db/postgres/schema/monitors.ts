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
import type { Severity } from "#lib/domain/incident.ts";
import type { CauseClass, MonitorKind, MonitorSeries, SeriesResult } from "#lib/domain/monitor.ts";
import type { MonitorDefinition } from "#lib/domain/monitor-definition.ts";
import { at } from "./at.ts";

export const monitors = pgTable("monitors", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  modelId: uuid("model_id").notNull(),
  name: text("name").notNull(),
  kind: text("kind").$type<MonitorKind>().notNull(),
  causeClass: text("cause_class").$type<CauseClass>().notNull(),
  environment: text("environment").notNull(),
  version: text("version"),
  definition: jsonb("definition").$type<MonitorDefinition>().notNull(),
  fireCount: integer("fire_count").notNull(),
  windowCount: integer("window_count").notNull(),
  clearCount: integer("clear_count").notNull(),
  severityOverride: text("severity_override").$type<Severity>(),
  ownerTeamId: uuid("owner_team_id"),
  ownerUserId: uuid("owner_user_id"),
  runbookUrl: text("runbook_url"),
  destinationIds: uuid("destination_ids").array().notNull().default([]),
  isEnabled: boolean("is_enabled").notNull().default(true),
  revision: integer("revision").notNull().default(1),
  nextWindowUntil: at("next_window_until").notNull(),
  dueAt: at("due_at").notNull(),
  evaluatedAt: at("evaluated_at"),
  skippedCount: bigint("skipped_count", { mode: "number" }).notNull().default(0),
  skippedUntil: at("skipped_until"),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const monitorWindows = pgTable(
  "monitor_windows",
  {
    workspaceId: uuid("workspace_id").notNull(),
    monitorId: uuid("monitor_id").notNull(),
    modelId: uuid("model_id").notNull(),
    windowFrom: at("window_from").notNull(),
    windowUntil: at("window_until").notNull(),
    generation: bigint("generation", { mode: "number" }).notNull().default(1),
    evaluatedGeneration: bigint("evaluated_generation", { mode: "number" }).notNull().default(0),
    evaluatedAt: at("evaluated_at"),
    dueAt: at("due_at").notNull(),
    claimedUntil: at("claimed_until"),
    attempts: integer("attempts").notNull().default(0),
    worstValue: doublePrecision("worst_value"),
    firingCount: integer("firing_count").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.monitorId, table.windowUntil] })],
);

export const monitorSeries = pgTable(
  "monitor_series",
  {
    workspaceId: uuid("workspace_id").notNull(),
    monitorId: uuid("monitor_id").notNull(),
    seriesKey: text("series_key").notNull(),
    series: jsonb("series").$type<MonitorSeries>().notNull(),
    windowFrom: at("window_from").notNull(),
    windowUntil: at("window_until").notNull(),
    result: jsonb("result").$type<SeriesResult>().notNull(),
    evaluatedAt: at("evaluated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.monitorId, table.seriesKey] })],
);
