import {
  bigint,
  doublePrecision,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { DeclaredExpectation, EvaluationKind, QualityVerdict } from "#lib/domain/quality.ts";
import { at } from "./at.ts";

export const featureExpectations = pgTable(
  "feature_expectations",
  {
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    feature: text("feature").notNull(),
    declared: jsonb("declared").$type<DeclaredExpectation>().notNull(),
    provenance: text("provenance").$type<"declared" | "confirmed">().notNull(),
    updatedAt: at("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.feature] })],
);

export const freshnessObjectives = pgTable("freshness_objectives", {
  modelId: uuid("model_id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  ageMs: bigint("age_ms", { mode: "number" }).notNull(),
  share: doublePrecision("share").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const qualityResults = pgTable(
  "quality_results",
  {
    workspaceId: uuid("workspace_id").notNull(),
    modelId: uuid("model_id").notNull(),
    environment: text("environment").notNull(),
    version: text("version").notNull(),
    kind: text("kind").$type<EvaluationKind>().notNull(),
    subject: text("subject").notNull(),
    feature: text("feature").notNull(),
    windowFrom: at("window_from").notNull(),
    windowUntil: at("window_until").notNull(),
    verdict: text("verdict").$type<QualityVerdict>().notNull(),
    reason: text("reason").notNull().default(""),
    figures: jsonb("figures").$type<Record<string, unknown>>().notNull(),
    windowRows: bigint("window_rows", { mode: "number" }).notNull(),
    computedAt: at("computed_at").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.modelId,
        table.environment,
        table.version,
        table.kind,
        table.windowFrom,
        table.windowUntil,
        table.subject,
        table.feature,
      ],
    }),
  ],
);
