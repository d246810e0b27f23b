import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { buildKey, buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { ApiKeyScope, Role } from "#lib/domain/role.ts";
import type { Actor, CallContext, Stores } from "../context.ts";
import { authenticateKey } from "./authenticate-key.ts";
import { createKey } from "./create-key.ts";
import { listKeys } from "./list-keys.ts";
import { revokeKey } from "./revoke-key.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const later = (ms: number) => new Date(now.getTime() + ms);
let stores: Stores;
let workspace: { id: string; slug: string };

beforeAll(async () => {
  stores = {
    postgres: createPostgres({ url: inject("databaseUrl"), application: "test" }),
    clickhouse: createClickHouse({ url: inject("clickhouseUrl"), application: "test" }),
  };
  workspace = await buildWorkspace(stores.postgres);
});
afterAll(() => Promise.all([stores.postgres.close(), stores.clickhouse.close()]));

async function as(role: Role): Promise<CallContext> {
  const { id } = await buildUser(stores.postgres, { workspaceId: workspace.id, role });
  return withActor({ kind: "user", userId: id, role });
}

function withActor(actor: Actor): CallContext {
  return { ...stores, workspaceId: workspace.id, actor, now };
}

test("the secret is answered once, opens the workspace, and is stored nowhere", async () => {
  const owner = await as("owner");
  const { key, secret } = await createKey.call(owner, { name: "CI", scopes: ["read", "read"] });
  expect(secret).toMatch(/^pl_[a-z0-9]{8}_[\w-]{43}$/);
  expect(key).toMatchObject({ name: "CI", scopes: ["read"], createdBy: "Somebody" });
  expect(await authenticateKey(stores.postgres, secret, now)).toMatchObject({
    keyId: key.id,
    workspaceId: workspace.id,
    scopes: ["read"],
  });
  const listed = JSON.stringify(await listKeys.call(owner, {}));
  expect(listed).toContain(key.prefix);
  expect(listed).not.toContain(secret.slice(12));
});

test.each<[Role, ApiKeyScope[], boolean]>([
  ["owner", ["admin"], true],
  ["admin", ["admin"], true],
  ["editor", ["ingest", "read", "write"], true],
  ["editor", ["admin"], false],
  ["editor", ["read", "admin"], false],
  ["viewer", ["read"], false],
])("%s creating a key with %j: %s", async (role, scopes, isAllowed) => {
  const work = createKey.call(await as(role), { name: "k", scopes });
  if (isAllowed) await expect(work).resolves.toBeDefined();
  else await expect(work).rejects.toMatchObject({ code: "forbidden" });
});

test("a key that may write makes no keys and ends none: a leaked one must not outlive its revocation", async () => {
  const { id } = await buildKey(stores.postgres, workspace.id, ["write"]);
  const call = withActor({ kind: "key", keyId: id, scopes: ["write"] });
  const refused = { code: "forbidden" };
  await expect(createKey.call(call, { name: "k", scopes: ["read"] })).rejects.toMatchObject(
    refused,
  );
  await expect(revokeKey.call(call, { keyId: id })).rejects.toMatchObject(refused);
});

describe("a key ends", () => {
  test("when it is revoked, at once", async () => {
    const owner = await as("owner");
    const { key, secret } = await createKey.call(owner, { name: "k", scopes: ["read"] });
    await revokeKey.call(owner, { keyId: key.id });
    await revokeKey.call(owner, { keyId: key.id });
    await expect(authenticateKey(stores.postgres, secret, now)).rejects.toMatchObject({
      code: "unauthorized",
    });
  });

  test("when its days are over", async () => {
    const owner = await as("owner");
    const options = { name: "k", scopes: ["read"], expiresInDays: 1 };
    const { secret } = await createKey.call(owner, options);
    await authenticateKey(stores.postgres, secret, later(86_399_999));
    await expect(authenticateKey(stores.postgres, secret, later(86_400_000))).rejects.toMatchObject(
      { code: "unauthorized" },
    );
  });
});

test("a key of another workspace is not found", async () => {
  const other = await buildWorkspace(stores.postgres);
  const theirs = await buildKey(stores.postgres, other.id, ["read"]);
  const work = revokeKey.call(await as("owner"), { keyId: theirs.id });
  await expect(work).rejects.toMatchObject({ code: "not_found" });
  await authenticateKey(stores.postgres, theirs.secret, now);
});

test("a workspace with two hundred active keys makes no more", async () => {
  const crowded = await buildWorkspace(stores.postgres);
  await Promise.all(
    Array.from({ length: 200 }, () => buildKey(stores.postgres, crowded.id, ["read"])),
  );
  const call = { ...(await as("owner")), workspaceId: crowded.id };
  await expect(createKey.call(call, { name: "k", scopes: ["read"] })).rejects.toMatchObject({
    code: "limit_exceeded",
  });
});
