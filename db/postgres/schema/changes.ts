import { bigint, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { ChangeKind } from "#lib/domain/change.ts";
import { at } from "./at.ts";

export const changeEvents = pgTable(
  "change_events",
  {
    workspaceId: uuid("workspace_id").notNull(),
    id: text("id").notNull(),
    position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
    kind: text("kind").$type<ChangeKind>().notNull(),
    title: text("title").notNull(),
    modelName: text("model_name").notNull(),
    environment: text("environment").notNull(),
    version: text("version").notNull(),
    source: text("source").notNull(),
    url: text("url"),
    details: jsonb("details").$type<Record<string, string>>().notNull(),
    occurredAt: at("occurred_at").notNull(),
    recordedAt: at("recorded_at").notNull(),
    recordedBy: text("recorded_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
);
