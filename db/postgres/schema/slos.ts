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
import type { SeriesResult } from "#lib/domain/monitor.ts";
import type { BurnUrgency, SliceState, SloIndicator, SloPeriod } from "#lib/domain/slo.ts";
import { at } from "./at.ts";

export const slos = pgTable("slos", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  modelId: uuid("model_id").notNull(),
  name: text("name").notNull(),
  description: text("description").notNull().default(""),
  environment: text("environment").notNull(),
  version: text("version"),
  indicator: jsonb("indicator").$type<SloIndicator>().notNull(),
  objective: doublePrecision("objective").notNull(),
  period: jsonb("period").$type<SloPeriod>().notNull(),
  badCountMin: integer("bad_count_min").notNull(),
  destinationIds: uuid("destination_ids").array().notNull().default([]),
  isEnabled: boolean("is_enabled").notNull().default(true),
  revision: integer("revision").notNull().default(1),
  dueAt: at("due_at").notNull(),
  measuredUntil: at("measured_until"),
  sweptAt: at("swept_at"),
  error: text("error").notNull().default(""),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const sloSlices = pgTable(
  "slo_slices",
  {
    workspaceId: uuid("workspace_id").notNull(),
    sloId: uuid("slo_id").notNull(),
    sliceFrom: at("slice_from").notNull(),
    sliceUntil: at("slice_until").notNull(),
    state: text("state").$type<SliceState>().notNull(),
    goodCount: bigint("good_count", { mode: "number" }).notNull(),
    badCount: bigint("bad_count", { mode: "number" }).notNull(),
    unmeasuredCount: bigint("unmeasured_count", { mode: "number" }).notNull(),
    value: doublePrecision("value"),
    reason: text("reason").notNull().default(""),
    revision: integer("revision").notNull().default(1),
    measuredAt: at("measured_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.sloId, table.sliceFrom] })],
);

export const sloAlertState = pgTable(
  "slo_alert_state",
  {
    workspaceId: uuid("workspace_id").notNull(),
    sloId: uuid("slo_id").notNull(),
    urgency: text("urgency").$type<BurnUrgency>().notNull(),
    result: jsonb("result").$type<SeriesResult>().notNull(),
    firingSince: at("firing_since"),
    evaluatedAt: at("evaluated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.sloId, table.urgency] })],
);
