import { hash, randomBytes, randomUUID } from "node:crypto";
import type { PostgresPool } from "#db/postgres/client.ts";
import { apiKeys } from "#db/postgres/schema/keys.ts";
import { baselines, features, models, modelVersions } from "#db/postgres/schema/models.ts";
import { memberships, users, workspaces } from "#db/postgres/schema/workspaces.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { ApiKeyScope, Role } from "#lib/domain/role.ts";

export interface BuiltWorkspace {
  id: string;
  slug: string;
}

const madeAt = new Date("2026-01-01T00:00:00.000Z");

/** A tenant of a suite's own: suites run side by side on one engine and wipe nothing. */
export async function buildWorkspace(
  postgres: PostgresPool,
  overrides: Partial<typeof workspaces.$inferInsert> = {},
): Promise<BuiltWorkspace> {
  const id = overrides.id ?? randomUUID();
  const slug = overrides.slug ?? `w-${id.slice(0, 18)}`;
  const values = { id, slug, name: `Workspace ${slug}`, createdAt: madeAt, ...overrides };
  await postgres.db.insert(workspaces).values(values);
  return { id, slug };
}

/** An account, and its membership when a workspace is given. */
export async function buildUser(
  postgres: PostgresPool,
  overrides: Partial<typeof users.$inferInsert> & { workspaceId?: string; role?: Role } = {},
): Promise<{ id: string; email: string }> {
  const { workspaceId, role = "viewer", ...user } = overrides;
  const id = user.id ?? randomUUID();
  const email = user.email ?? `${id}@example.com`;
  await postgres.db
    .insert(users)
    .values({ id, email, name: "Somebody", createdAt: madeAt, ...user });
  if (workspaceId !== undefined) {
    await postgres.db
      .insert(memberships)
      .values({ workspaceId, userId: id, role, createdAt: madeAt });
  }
  return { id, email };
}

/** A key and its secret, stored as the product stores it. */
export async function buildKey(
  postgres: PostgresPool,
  workspaceId: string,
  scopes: ApiKeyScope[],
  overrides: Partial<typeof apiKeys.$inferInsert> = {},
): Promise<{ id: string; secret: string }> {
  const id = randomUUID();
  const prefix = randomBytes(4).toString("hex");
  const secret = `pl_${prefix}_${randomBytes(32).toString("base64url")}`;
  await postgres.db.insert(apiKeys).values({
    id,
    workspaceId,
    name: "A key",
    prefix,
    secretHash: hash("sha256", secret, "hex"),
    scopes,
    createdAt: madeAt,
    ...overrides,
  });
  return { id, secret };
}

/** A registered model with one version in production and, if given, its features. */
export async function buildModel(
  postgres: PostgresPool,
  workspaceId: string,
  overrides: { name?: string; version?: string; features?: Record<string, FeatureType> } = {},
): Promise<{ id: string; name: string }> {
  const id = randomUUID();
  const name = overrides.name ?? `model-${id.slice(0, 8)}`;
  const seen = { firstSeenAt: madeAt, lastSeenAt: madeAt };
  await postgres.db.insert(models).values({ id, workspaceId, name, firstSeenAt: madeAt });
  await postgres.db
    .insert(modelVersions)
    .values({ modelId: id, environment: "production", version: overrides.version ?? "1", ...seen });
  const declared = Object.entries(overrides.features ?? {});
  if (declared.length > 0) {
    await postgres.db
      .insert(features)
      .values(declared.map(([feature, type]) => ({ modelId: id, name: feature, type, ...seen })));
  }
  return { id, name };
}

/** The row of a baseline that is ready and in use; its rows and profiles are the suite's to write. */
export async function buildBaseline(
  postgres: PostgresPool,
  key: { id?: string; workspaceId: string; modelId: string },
  overrides: Partial<typeof baselines.$inferInsert> = {},
): Promise<{ id: string }> {
  const { id = randomUUID(), workspaceId, modelId } = key;
  await postgres.db.insert(baselines).values({
    id,
    workspaceId,
    modelId,
    version: "1",
    name: "training",
    state: "ready",
    sourceFormat: "ndjson",
    mapping: {},
    isActive: true,
    createdBy: "test",
    createdAt: madeAt,
    readyAt: madeAt,
    ...overrides,
  });
  return { id };
}
