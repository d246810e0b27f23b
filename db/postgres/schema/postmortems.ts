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
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import type {
  Detection,
  Factor,
  PostmortemState,
  SectionKind,
  TemplateSection,
} from "#lib/domain/postmortem.ts";
import { at } from "./at.ts";

/** Settings that are replayed beside the monitors that there are. */
export interface Candidate {
  id: string;
  name: string;
  question: MonitorQuestion;
}

export const postmortemTemplates = pgTable(
  "postmortem_templates",
  {
    workspaceId: uuid("workspace_id").notNull(),
    version: integer("version").notNull(),
    sections: jsonb("sections").$type<TemplateSection[]>().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: at("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.version] })],
);

export const postmortems = pgTable("postmortems", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  incidentId: uuid("incident_id").notNull(),
  title: text("title").notNull(),
  state: text("state").$type<PostmortemState>().notNull(),
  edition: integer("edition").notNull().default(1),
  templateVersion: integer("template_version").notNull(),
  ownerUserId: uuid("owner_user_id"),
  candidates: jsonb("candidates").$type<Candidate[]>().notNull().default([]),
  detection: jsonb("detection").$type<Detection>(),
  revision: integer("revision").notNull().default(1),
  contentAt: at("content_at").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
  publishedAt: at("published_at"),
});

export const postmortemSections = pgTable(
  "postmortem_sections",
  {
    workspaceId: uuid("workspace_id").notNull(),
    postmortemId: uuid("postmortem_id").notNull(),
    key: text("key").notNull(),
    position: integer("position").notNull(),
    title: text("title").notNull(),
    guidance: text("guidance").notNull(),
    kind: text("kind").$type<SectionKind>().notNull(),
    isRequired: boolean("is_required").notNull(),
    text: text("text").notNull(),
    factors: jsonb("factors").$type<Factor[]>().notNull().default([]),
    revision: integer("revision").notNull().default(1),
    updatedBy: text("updated_by").notNull(),
    updatedAt: at("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.postmortemId, table.key] })],
);

export const postmortemEntries = pgTable("postmortem_entries", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  postmortemId: uuid("postmortem_id").notNull(),
  sourceId: uuid("source_id"),
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  originalText: text("original_text"),
  occurredAt: at("occurred_at").notNull(),
  text: text("text").notNull(),
  link: text("link").notNull().default(""),
  isIncluded: boolean("is_included").notNull(),
  revision: integer("revision").notNull().default(1),
  updatedBy: text("updated_by").notNull(),
  updatedAt: at("updated_at").notNull(),
});

export const postmortemReviews = pgTable(
  "postmortem_reviews",
  {
    workspaceId: uuid("workspace_id").notNull(),
    postmortemId: uuid("postmortem_id").notNull(),
    userId: uuid("user_id").notNull(),
    approvedAt: at("approved_at"),
  },
  (table) => [primaryKey({ columns: [table.postmortemId, table.userId] })],
);

export const postmortemComments = pgTable("postmortem_comments", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  postmortemId: uuid("postmortem_id").notNull(),
  sectionKey: text("section_key").notNull(),
  text: text("text").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: at("created_at").notNull(),
  resolvedBy: text("resolved_by"),
  resolvedAt: at("resolved_at"),
});

export const postmortemEditions = pgTable(
  "postmortem_editions",
  {
    workspaceId: uuid("workspace_id").notNull(),
    postmortemId: uuid("postmortem_id").notNull(),
    edition: integer("edition").notNull(),
    document: jsonb("document").notNull(),
    publishedBy: text("published_by").notNull(),
    publishedAt: at("published_at").notNull(),
    withdrawnReason: text("withdrawn_reason"),
    withdrawnBy: text("withdrawn_by"),
    withdrawnAt: at("withdrawn_at"),
  },
  (table) => [primaryKey({ columns: [table.postmortemId, table.edition] })],
);
