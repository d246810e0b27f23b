import { jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { JointResult } from "#lib/domain/joint-result.ts";
import { at } from "./at.ts";

export const jointDriftResults = pgTable(
  "joint_drift_results",
  {
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    environment: text("environment").notNull(),
    version: text("version").notNull(),
    windowFrom: at("window_from").notNull(),
    windowUntil: at("window_until").notNull(),
    baselineId: uuid("baseline_id").notNull(),
    result: jsonb("result").$type<JointResult>().notNull(),
    computedAt: at("computed_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.modelId, table.environment, table.version, table.windowUntil] }),
  ],
);
