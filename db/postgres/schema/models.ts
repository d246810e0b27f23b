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
import type { BaselineMapping } from "#lib/domain/baseline-mapping.ts";
import type { BaselineState, FeatureType, Provenance, Task } from "#lib/domain/model.ts";
import { at } from "./at.ts";

export const models = pgTable("models", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  name: text("name").notNull(),
  description: text("description").notNull().default(""),
  task: text("task").$type<Task>(),
  taskProvenance: text("task_provenance").$type<Provenance>().notNull().default("inferred"),
  tier: integer("tier").notNull().default(3),
  teamId: uuid("team_id"),
  firstSeenAt: at("first_seen_at").notNull(),
  rawRetentionDays: integer("raw_retention_days"),
  hasOfflineFeatures: boolean("has_offline_features").notNull().default(false),
});

export const modelVersions = pgTable(
  "model_versions",
  {
    modelId: uuid("model_id").notNull(),
    environment: text("environment").notNull(),
    version: text("version").notNull(),
    firstSeenAt: at("first_seen_at").notNull(),
    lastSeenAt: at("last_seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.environment, table.version] })],
);

export const features = pgTable(
  "features",
  {
    modelId: uuid("model_id").notNull(),
    name: text("name").notNull(),
    type: text("type").$type<FeatureType>().notNull(),
    provenance: text("provenance").$type<Provenance>().notNull().default("inferred"),
    firstSeenAt: at("first_seen_at").notNull(),
    lastSeenAt: at("last_seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.name] })],
);

export const segmentKeys = pgTable(
  "segment_keys",
  {
    modelId: uuid("model_id").notNull(),
    key: text("key").notNull(),
    createdAt: at("created_at").notNull(),
    isSensitive: boolean("is_sensitive").notNull().default(false),
    referenceValue: text("reference_value"),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.key] })],
);

export const baselines = pgTable("baselines", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  modelId: uuid("model_id").notNull(),
  version: text("version").notNull(),
  name: text("name").notNull(),
  state: text("state").$type<BaselineState>().notNull(),
  sourceFormat: text("source_format").notNull(),
  sourceBytes: bigint("source_bytes", { mode: "number" }).notNull().default(0),
  rowCount: bigint("row_count", { mode: "number" }).notNull().default(0),
  mapping: jsonb("mapping").$type<BaselineMapping>().notNull(),
  error: text("error"),
  isActive: boolean("is_active").notNull().default(false),
  profiledSegmentKeys: text("profiled_segment_keys").array().notNull().default([]),
  segmentError: text("segment_error"),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
  readyAt: at("ready_at"),
});
