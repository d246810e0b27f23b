import type { PostgresPool } from "#db/postgres/client.ts";
import { findActiveKey, touchKey } from "#db/postgres/queries/key.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ApiKeyScope } from "#lib/domain/role.ts";
import { hashApiKey, isApiKeyShaped } from "./api-key.ts";

export interface AuthenticatedKey {
  keyId: string;
  workspaceId: string;
  slug: string;
  scopes: readonly ApiKeyScope[];
}

/** "Last used" is read by people: a minute is near enough, and costs no write a request. */
const touchIntervalMs = 60_000;

export async function authenticateKey(
  postgres: PostgresPool,
  key: string,
  now: Date,
): Promise<AuthenticatedKey> {
  const found = isApiKeyShaped(key) ? await findActiveKey(postgres.db, hashApiKey(key), now) : null;
  if (found === null) {
    throw new AppError("unauthorized", "This API key is unknown, expired or revoked.");
  }
  const dueBefore = new Date(now.getTime() - touchIntervalMs);
  if (found.lastUsedAt === null || found.lastUsedAt < dueBefore) {
    await touchKey(postgres.db, found.keyId, now, dueBefore);
  }
  return found;
}
