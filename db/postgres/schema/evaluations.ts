import { bigint, doublePrecision, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { EvaluatedKind } from "#lib/domain/evaluation.ts";
import { at } from "./at.ts";

export const evaluatedWindows = pgTable(
  "evaluated_windows",
  {
    kind: text("kind").$type<EvaluatedKind>().notNull(),
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    windowFrom: at("window_from").notNull(),
    windowUntil: at("window_until").notNull(),
    generation: bigint("generation", { mode: "number" }).notNull().default(1),
    evaluatedGeneration: bigint("evaluated_generation", { mode: "number" }).notNull().default(0),
    evaluatedAt: at("evaluated_at"),
    labelsAt: at("labels_at"),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.modelId, table.windowUntil, table.windowFrom] }),
  ],
);

export const performanceResults = pgTable(
  "performance_results",
  {
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    environment: text("environment").notNull(),
    version: text("version").notNull(),
    metric: text("metric").notNull(),
    windowFrom: at("window_from").notNull(),
    windowUntil: at("window_until").notNull(),
    value: doublePrecision("value"),
    undefinedReason: text("undefined_reason"),
    lower: doublePrecision("lower"),
    upper: doublePrecision("upper"),
    sampleCount: bigint("sample_count", { mode: "number" }).notNull(),
    rowCount: bigint("row_count", { mode: "number" }).notNull(),
    labelledCount: bigint("labelled_count", { mode: "number" }).notNull(),
    revision: bigint("revision", { mode: "number" }).notNull().default(1),
    computedAt: at("computed_at").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.modelId,
        table.environment,
        table.version,
        table.windowUntil,
        table.windowFrom,
        table.metric,
      ],
    }),
  ],
);
