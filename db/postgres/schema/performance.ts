import {
  bigint,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { Task } from "#lib/domain/model.ts";
import { at } from "./at.ts";

export const estimateReferences = pgTable(
  "estimate_references",
  {
    baselineId: uuid("baseline_id").notNull(),
    task: text("task").$type<Task>().notNull(),
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    method: integer("method").notNull(),
    labelledCount: bigint("labelled_count", { mode: "number" }).notNull(),
    reference: jsonb("reference"),
    model: jsonb("model"),
    learnedAt: at("learned_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.baselineId, table.task] })],
);

export const businessValues = pgTable("business_values", {
  modelId: uuid("model_id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  truePositive: doublePrecision("true_positive").notNull(),
  falsePositive: doublePrecision("false_positive").notNull(),
  falseNegative: doublePrecision("false_negative").notNull(),
  trueNegative: doublePrecision("true_negative").notNull(),
  unit: text("unit").notNull(),
  updatedAt: at("updated_at").notNull(),
});
