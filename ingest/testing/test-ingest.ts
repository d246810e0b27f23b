import { randomBytes, randomFillSync, randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { createClickHouse } from "#db/clickhouse/client.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { createLogger } from "#lib/log.ts";
import { mintApiKey } from "#lib/services/key/api-key.ts";
import type { Ingest, IngestOptions } from "../start-ingest.ts";
import { startIngest } from "../start-ingest.ts";

/** When this run began: the suites' clock stands still. */
export const testNowMs = Math.floor(performance.timeOrigin);

export interface TestStores {
  clickhouse: ClickHouseClient;
  postgres: PostgresPool;
  close(): Promise<void>;
}

export function openStores(urls: { clickhouseUrl: string; databaseUrl: string }): TestStores {
  const clickhouse = createClickHouse({ url: urls.clickhouseUrl, application: "ingest-test" });
  const postgres = createPostgres({ url: urls.databaseUrl, application: "ingest-test" });
  return {
    clickhouse,
    postgres,
    async close() {
      await Promise.all([clickhouse.close(), postgres.close()]);
    },
  };
}

export interface TestWorkspace {
  workspaceId: string;
  key: string;
  keyId: string;
}

export interface WorkspaceOverrides {
  rawRetentionDays?: number | null;
  scopes?: string[];
  expiresAt?: Date | null;
  revokedAt?: Date | null;
}

/** A tenant of its own, with one key. */
export async function buildTenant(
  { postgres }: TestStores,
  overrides: WorkspaceOverrides = {},
): Promise<TestWorkspace> {
  const workspaceId = randomUUID();
  const keyId = randomUUID();
  const { key, prefix, secretHash } = mintApiKey(randomBytes);
  const {
    rawRetentionDays = null,
    scopes = ["ingest"],
    expiresAt = null,
    revokedAt = null,
  } = overrides;
  await postgres.db.execute(sql`
    INSERT INTO workspaces (id, slug, name, raw_retention_days, created_at)
    VALUES (${workspaceId}, ${`t-${workspaceId}`}, 'test', ${rawRetentionDays}, now())`);
  await postgres.db.execute(sql`
    INSERT INTO api_keys (id, workspace_id, name, prefix, secret_hash, scopes, created_at, expires_at, revoked_at)
    VALUES (${keyId}, ${workspaceId}, 'test', ${prefix}, ${secretHash},
      ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(scopes)}::jsonb)), now(),
      ${expiresAt?.toISOString() ?? null}, ${revokedAt?.toISOString() ?? null})`);
  return { workspaceId, key, keyId };
}

export interface TestIngest extends Ingest {
  dataFolder: string;
  post(path: string, body: unknown, init?: PostInit): Promise<Answer>;
  removeFolder(): Promise<void>;
}

export interface PostInit {
  key?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the answer should hold
  body: any;
}

export async function startTestIngest(
  stores: Pick<TestStores, "clickhouse" | "postgres">,
  overrides: Partial<IngestOptions> & { key?: string } = {},
): Promise<TestIngest> {
  const { key: defaultKey, ...options } = overrides;
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "plumbline-ingest-"));
  const ingest = await startIngest({
    clickhouse: stores.clickhouse,
    postgres: stores.postgres,
    logger: createLogger("ingest-test", "fatal"),
    host: "127.0.0.1",
    port: 0,
    walBytesMax: 256 * 1024 ** 2,
    now: () => testNowMs,
    randomFill: randomFillSync,
    seal: { ageMs: 50 },
    ...options,
    dataFolder,
  });
  return {
    ...ingest,
    dataFolder,
    post: (path, body, init = {}) => post(`${ingest.url}${path}`, body, init, defaultKey),
    removeFolder: () => rm(dataFolder, { recursive: true, force: true }),
  };
}

async function post(
  url: string,
  body: unknown,
  { key, headers = {} }: PostInit,
  defaultKey: string | undefined,
): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    body:
      typeof body === "string" || body instanceof Uint8Array
        ? (body as BodyInit)
        : JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${key ?? defaultKey ?? ""}`,
      ...headers,
    },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? null : JSON.parse(text),
  };
}

export async function selectRows<T>(clickhouse: ClickHouseClient, query: string): Promise<T[]> {
  const result = await clickhouse.query({ query, format: "JSONEachRow" });
  return result.json<T>();
}
