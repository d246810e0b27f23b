import { jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import type { Task } from "#lib/domain/model.ts";
import type { CauseMeasure, CauseTarget, SurrogateSource } from "#lib/domain/root-cause.ts";
import type { Surrogate } from "#lib/stats/root-cause/surrogate.ts";

export const surrogates = pgTable(
  "surrogates",
  {
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    environment: text("environment").notNull(),
    version: text("version").notNull(),
    target: text("target").$type<CauseTarget>().notNull(),
    /** The one that was in force when it was learned, whatever it was learned from. */
    baselineId: uuid("baseline_id"),
    learnedFrom: text("learned_from").$type<SurrogateSource>().notNull(),
    task: text("task").$type<Task>().notNull(),
    measure: text("measure").$type<CauseMeasure>().notNull(),
    /** The class that counts as 1, where one does. */
    className: text("class_name").notNull(),
    /** Why there is none, in words; else "". */
    reason: text("reason").notNull(),
    surrogate: jsonb("surrogate").$type<Surrogate>(),
    computedAt: timestamp("computed_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.modelId, table.environment, table.version, table.target] }),
  ],
);
