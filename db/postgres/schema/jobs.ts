import { bigint, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { JobState, JobTrigger } from "#lib/domain/evaluation.ts";
import type { Grain } from "#lib/domain/grain.ts";
import type { DriftReference, Verdict } from "#lib/domain/health.ts";
import { at } from "./at.ts";

export const dirtyBuckets = pgTable(
  "dirty_buckets",
  {
    aspect: text("aspect").$type<"profile" | "performance" | "skew">().notNull().default("profile"),
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    grain: text("grain").$type<Grain>().notNull(),
    bucket: at("bucket").notNull(),
    generation: bigint("generation", { mode: "number" }).notNull().default(1),
    firstMarkedAt: at("first_marked_at").notNull(),
    lastMarkedAt: at("last_marked_at").notNull(),
    claimedUntil: at("claimed_until"),
    attempts: integer("attempts").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.aspect, table.grain, table.modelId, table.bucket] })],
);

export const arrivals = pgTable(
  "arrivals",
  {
    aspect: text("aspect").$type<"performance" | "skew">().notNull(),
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    sequenceFrom: bigint("sequence_from", { mode: "bigint" }).notNull(),
    sequenceUntil: bigint("sequence_until", { mode: "bigint" }).notNull(),
    rowFrom: at("row_from").notNull(),
    rowUntil: at("row_until").notNull(),
    rowCount: integer("row_count").notNull(),
    arrivedAt: at("arrived_at").notNull(),
    claimedUntil: at("claimed_until"),
    attempts: integer("attempts").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.aspect, table.modelId, table.sequenceFrom, table.sequenceUntil] }),
  ],
);

export const jobRuns = pgTable("job_runs", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  workspaceId: uuid("workspace_id"),
  modelId: uuid("model_id"),
  subject: text("subject").notNull().default(""),
  state: text("state").$type<JobState>().notNull(),
  trigger: text("trigger").$type<JobTrigger>().notNull().default("schedule"),
  attempt: integer("attempt").notNull().default(1),
  startedAt: at("started_at").notNull(),
  /** When a running one was last heard of. */
  aliveAt: at("alive_at"),
  finishedAt: at("finished_at"),
  doneCount: bigint("done_count", { mode: "number" }).notNull().default(0),
  totalCount: bigint("total_count", { mode: "number" }),
  rowsRead: bigint("rows_read", { mode: "number" }).notNull().default(0),
  windowCount: integer("window_count").notNull().default(0),
  windowFrom: at("window_from"),
  windowUntil: at("window_until"),
  detail: text("detail").notNull().default(""),
  error: text("error"),
});

export const driftResults = pgTable(
  "drift_results",
  {
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    environment: text("environment").notNull(),
    version: text("version").notNull(),
    reference: text("reference").$type<DriftReference>().notNull(),
    subject: text("subject").notNull(),
    feature: text("feature").notNull(),
    windowFrom: at("window_from").notNull(),
    windowUntil: at("window_until").notNull(),
    verdict: text("verdict").$type<Verdict>().notNull(),
    reason: text("reason").notNull().default(""),
    statistics: jsonb("statistics").$type<Record<string, unknown>>().notNull(),
    baselineRows: bigint("baseline_rows", { mode: "number" }).notNull(),
    windowRows: bigint("window_rows", { mode: "number" }).notNull(),
    computedAt: at("computed_at").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.modelId,
        table.environment,
        table.version,
        table.reference,
        table.windowFrom,
        table.windowUntil,
        table.subject,
        table.feature,
      ],
    }),
  ],
);
