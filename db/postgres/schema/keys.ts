import { integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { ApiKeyScope } from "#lib/domain/role.ts";
import { at } from "./at.ts";

export const apiKeys = pgTable("api_keys", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id").notNull(),
  name: text("name").notNull(),
  prefix: text("prefix").notNull(),
  secretHash: text("secret_hash").notNull().unique(),
  scopes: text("scopes").array().$type<ApiKeyScope[]>().notNull(),
  createdBy: uuid("created_by"),
  createdAt: at("created_at").notNull(),
  lastUsedAt: at("last_used_at"),
  expiresAt: at("expires_at"),
  revokedAt: at("revoked_at"),
});

export const auditLog = pgTable("audit_log", {
  id: uuid("id").primaryKey(),
  workspaceId: uuid("workspace_id"),
  actorKind: text("actor_kind").notNull(),
  actorId: text("actor_id").notNull(),
  action: text("action").notNull(),
  targetKind: text("target_kind").notNull(),
  targetId: text("target_id").notNull(),
  before: jsonb("before"),
  after: jsonb("after"),
  at: at("at").notNull(),
});

export const signInAttempts = pgTable("sign_in_attempts", {
  key: text("key").primaryKey(),
  failures: integer("failures").notNull(),
  windowStartedAt: at("window_started_at").notNull(),
});
