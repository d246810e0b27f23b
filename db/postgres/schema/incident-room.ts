import { customType, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { IncidentSignature } from "#lib/domain/incident-signature.ts";
import { at } from "./at.ts";

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

export const incidentPins = pgTable(
  "incident_pins",
  {
    workspaceId: uuid("workspace_id").notNull(),
    incidentId: uuid("incident_id").notNull(),
    entryId: uuid("entry_id").notNull(),
    actor: jsonb("actor").$type<IncidentActor>().notNull(),
    pinnedAt: at("pinned_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.entryId] })],
);

export const incidentNoteEdits = pgTable(
  "incident_note_edits",
  {
    workspaceId: uuid("workspace_id").notNull(),
    incidentId: uuid("incident_id").notNull(),
    entryId: uuid("entry_id").notNull(),
    revision: integer("revision").notNull(),
    text: text("text").notNull(),
    occurredAt: at("occurred_at").notNull(),
    actor: jsonb("actor").$type<IncidentActor>().notNull(),
    recordedAt: at("recorded_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.entryId, table.revision] })],
);

export const incidentImages = pgTable(
  "incident_images",
  {
    workspaceId: uuid("workspace_id").notNull(),
    incidentId: uuid("incident_id").notNull(),
    hash: text("hash").notNull(),
    mediaType: text("media_type").notNull(),
    bytes: bytea("bytes").notNull(),
    width: integer("width").notNull(),
    height: integer("height").notNull(),
    actor: jsonb("actor").$type<IncidentActor>().notNull(),
    createdAt: at("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.hash] })],
);

export const incidentSignatures = pgTable("incident_signatures", {
  workspaceId: uuid("workspace_id").notNull(),
  incidentId: uuid("incident_id").primaryKey(),
  signature: jsonb("signature").$type<IncidentSignature>().notNull(),
  updatedAt: at("updated_at").notNull(),
});
