import { randomBytes } from "node:crypto";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { createClickHouse } from "#db/clickhouse/client.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import type { ApiKeyScope, Role } from "#lib/domain/role.ts";
import { createKey } from "#lib/services/key/create-key.ts";
import { createAccount } from "#lib/services/session/create-account.ts";
import { insertOwnedWorkspace } from "#lib/services/workspace/insert-owned-workspace.ts";
import type { Credentials } from "./instance.ts";

export interface SeedOptions {
  databaseUrl: string;
  clickhouseUrl: string;
  url: string;
  hasDemo: boolean;
  now: Date;
}

interface Seeding {
  postgres: PostgresPool;
  clickhouse: ClickHouseClient;
  userId: string;
  now: Date;
}

const email = "owner@localhost.localdomain";
const owner: Role = "owner";

/** The first person, their workspace and its key, through the services that the console uses; and, beside it, one for
 *  the demo, so that a person's own rows and the demo's never mix. */
export async function seedWorkspace(options: SeedOptions): Promise<Credentials> {
  const { databaseUrl, clickhouseUrl, url, hasDemo, now } = options;
  const postgres = createPostgres({ url: databaseUrl, application: "plumbline-start" });
  const clickhouse = createClickHouse({ url: clickhouseUrl, application: "plumbline-start" });
  try {
    const password = randomBytes(12).toString("base64url");
    const { userId } = await createAccount.call(
      { postgres, actor: { kind: "job", name: "start" }, now },
      { email, name: "Owner", password },
    );
    const seeding = { postgres, clickhouse, userId, now };
    const main = await seedOne(seeding, { slug: "main", name: "Main", isDemo: false }, [
      "ingest",
      "read",
      "write",
    ]);
    const credentials = { url, email, password, workspace: main.slug, apiKey: main.apiKey };
    if (!hasDemo) return credentials;
    const demo = await seedOne(seeding, { slug: "flights", name: "Flights (demo)", isDemo: true }, [
      "ingest",
      "write",
    ]);
    return { ...credentials, demo: { workspace: demo.slug, apiKey: demo.apiKey } };
  } finally {
    await Promise.all([postgres.close(), clickhouse.close()]);
  }
}

async function seedOne(
  seeding: Seeding,
  wanted: { slug: string; name: string; isDemo: boolean },
  scopes: ApiKeyScope[],
): Promise<{ slug: string; apiKey: string }> {
  const { postgres, clickhouse, userId, now } = seeding;
  const workspace = await insertOwnedWorkspace(
    postgres.db,
    // For ever: an owner's first act may be to load a history of any age, as the demo does.
    { ...wanted, timeZone: "UTC", ownerId: userId, rawRetentionDays: null },
    now,
  );
  const actor = { kind: "user", userId, role: owner } as const;
  const key = await createKey.call(
    { postgres, clickhouse, workspaceId: workspace.id, actor, now },
    { name: "Made by npm start", scopes },
  );
  return { slug: workspace.slug, apiKey: key.secret };
}
