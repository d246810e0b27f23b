import { eq } from "drizzle-orm";
import type { ApiKeyScope } from "#lib/domain/role.ts";
import type { Postgres } from "../client.ts";
import { apiKeys } from "../schema/keys.ts";
import { models } from "../schema/models.ts";
import { workspaces } from "../schema/workspaces.ts";

export interface FoundApiKey {
  id: string;
  workspaceId: string;
  scopes: ApiKeyScope[];
  expiresAt: Date | null;
  revokedAt: Date | null;
}

export async function findApiKey(pg: Postgres, secretHash: string): Promise<FoundApiKey | null> {
  const [found] = await pg
    .select({
      id: apiKeys.id,
      workspaceId: apiKeys.workspaceId,
      scopes: apiKeys.scopes,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .where(eq(apiKeys.secretHash, secretHash))
    .limit(1);
  return found ?? null;
}

export async function touchApiKey(pg: Postgres, keyId: string, now: Date): Promise<void> {
  await pg.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, keyId));
}

export interface WorkspaceIngestFacts {
  workspaceId: string;
  /** null keeps for ever. */
  rawRetentionDays: number | null;
  /** A model without a retention of its own follows the workspace. */
  models: { name: string; rawRetentionDays: number | null }[];
}

const modelsMax = 2_000;

/** What ingest must know of a workspace to judge a row. */
export async function getWorkspaceIngestFacts(
  pg: Postgres,
  workspaceId: string,
): Promise<WorkspaceIngestFacts | null> {
  const [workspace] = await pg
    .select({ rawRetentionDays: workspaces.rawRetentionDays })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId))
    .limit(1);
  if (workspace === undefined) return null;
  const found = await pg
    .select({ name: models.name, rawRetentionDays: models.rawRetentionDays })
    .from(models)
    .where(eq(models.workspaceId, workspaceId))
    .limit(modelsMax);
  return { workspaceId, rawRetentionDays: workspace.rawRetentionDays, models: found };
}
