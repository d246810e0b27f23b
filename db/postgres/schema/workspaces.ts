import { boolean, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { Role } from "#lib/domain/role.ts";
import { at } from "./at.ts";

export const workspaces = pgTable("workspaces", {
  id: uuid("id").primaryKey(),
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  timeZone: text("time_zone").notNull().default("UTC"),
  isDemo: boolean("is_demo").notNull().default(false),
  rawRetentionDays: integer("raw_retention_days"),
  createdAt: at("created_at").notNull(),
});

export const users = pgTable("users", {
  id: uuid("id").primaryKey(),
  email: text("email").notNull(),
  name: text("name").notNull(),
  passwordHash: text("password_hash"),
  oidcSubject: text("oidc_subject").unique(),
  createdAt: at("created_at").notNull(),
});

export const memberships = pgTable(
  "memberships",
  {
    workspaceId: uuid("workspace_id").notNull(),
    userId: uuid("user_id").notNull(),
    role: text("role").$type<Role>().notNull(),
    createdAt: at("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.userId] })],
);

export const invitations = pgTable("invitations", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  email: text("email").notNull(),
  role: text("role").$type<Role>().notNull(),
  tokenHash: text("token_hash").notNull().unique(),
  createdAt: at("created_at").notNull(),
  expiresAt: at("expires_at").notNull(),
  acceptedAt: at("accepted_at"),
});

export const teams = pgTable("teams", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  name: text("name").notNull(),
  escalationPolicyId: uuid("escalation_policy_id"),
  destinationIds: uuid("destination_ids").array().notNull().default([]),
  createdAt: at("created_at").notNull(),
});

export const teamMembers = pgTable(
  "team_members",
  { teamId: uuid("team_id").notNull(), userId: uuid("user_id").notNull() },
  (table) => [primaryKey({ columns: [table.teamId, table.userId] })],
);
