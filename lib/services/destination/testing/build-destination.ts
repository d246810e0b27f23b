import { randomUUID } from "node:crypto";
import type { PostgresPool } from "#db/postgres/client.ts";
import { destinations } from "#db/postgres/schema/notifications.ts";
import type { OpenDestination } from "#lib/domain/destination.ts";
import { describeAddress } from "#lib/domain/destination.ts";
import { closeSettings } from "../open-settings.ts";
import { createSealer } from "../seal-secret.ts";

/** What the tests' web process seals with, too. */
export const testSealer = createSealer("a secret of at least 32 characters");
export const testWebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const testRoutingKey = "0123456789abcdef0123456789abcdef";

const madeAt = new Date("2026-01-01T00:00:00.000Z");

/** A destination as the product stores it. */
export async function buildDestination(
  postgres: PostgresPool,
  workspaceId: string,
  destination: OpenDestination,
  overrides: Partial<typeof destinations.$inferInsert> = {},
): Promise<string> {
  const id = overrides.id ?? randomUUID();
  await postgres.db.insert(destinations).values({
    id,
    workspaceId,
    name: `Destination ${id}`,
    kind: destination.kind,
    address: describeAddress(destination),
    ...closeSettings(testSealer, id, destination),
    createdAt: madeAt,
    updatedAt: madeAt,
    ...overrides,
  });
  return id;
}
