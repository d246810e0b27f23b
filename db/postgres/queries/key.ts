import { and, count, desc, eq, gt, isNull, lt, or } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { apiKeys } from "../schema/keys.ts";
import { users, workspaces } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

export const keyLimits = { activeMax: 200, listedMax: 500 } as const;

const columns = {
  id: apiKeys.id,
  name: apiKeys.name,
  prefix: apiKeys.prefix,
  scopes: apiKeys.scopes,
  createdBy: users.name,
  createdById: apiKeys.createdBy,
  createdAt: apiKeys.createdAt,
  lastUsedAt: apiKeys.lastUsedAt,
  expiresAt: apiKeys.expiresAt,
  revokedAt: apiKeys.revokedAt,
};

export function listKeyRows(scope: PostgresScope) {
  return scope.pg
    .select(columns)
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.createdBy))
    .where(eq(apiKeys.workspaceId, scope.workspaceId))
    .orderBy(desc(apiKeys.createdAt), apiKeys.id)
    .limit(keyLimits.listedMax);
}

export async function findKeyRow(scope: PostgresScope, keyId: string) {
  const rows = await scope.pg
    .select(columns)
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.createdBy))
    .where(and(eq(apiKeys.workspaceId, scope.workspaceId), eq(apiKeys.id, keyId)))
    .limit(1);
  return rows[0] ?? null;
}

export async function countActiveKeys(scope: PostgresScope, now: Date): Promise<number> {
  const rows = await scope.pg
    .select({ keyCount: count() })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.workspaceId, scope.workspaceId),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    );
  return rows[0]?.keyCount ?? 0;
}

export async function insertKey(
  scope: PostgresScope,
  key: Omit<typeof apiKeys.$inferInsert, "workspaceId">,
) {
  await scope.pg.insert(apiKeys).values({ ...key, workspaceId: scope.workspaceId });
}

export async function setKeyRevoked(scope: PostgresScope, keyId: string, now: Date) {
  await scope.pg
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.workspaceId, scope.workspaceId), eq(apiKeys.id, keyId)));
}

/** Which workspace a key opens, and how; the hash is unique. Null when revoked, expired or unknown. */
export async function findActiveKey(pg: Postgres, secretHash: string, now: Date) {
  const rows = await pg
    .select({
      keyId: apiKeys.id,
      workspaceId: apiKeys.workspaceId,
      slug: workspaces.slug,
      scopes: apiKeys.scopes,
      lastUsedAt: apiKeys.lastUsedAt,
    })
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId))
    .where(
      and(
        eq(apiKeys.secretHash, secretHash),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

export async function touchKey(pg: Postgres, keyId: string, now: Date, unlessAfter: Date) {
  await pg
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(
      and(
        eq(apiKeys.id, keyId),
        or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, unlessAfter)),
      ),
    );
}
