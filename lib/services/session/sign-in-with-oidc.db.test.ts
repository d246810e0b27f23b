import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { PostgresPool } from "#db/postgres/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { replaceInvitation } from "#db/postgres/queries/member.ts";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import { signInWithOidc } from "./sign-in-with-oidc.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
let postgres: PostgresPool;

beforeAll(() => {
  postgres = createPostgres({ url: inject("databaseUrl"), application: "test" });
});
afterAll(() => postgres.close());

const identity = (email: string) => ({
  issuer: "https://id.example.com",
  subject: randomUUID(),
  email,
  isEmailVerified: true,
  name: "Ann",
});

test("a verified address is linked to its account, and the subject is what counts from then on", async () => {
  const user = await buildUser(postgres);
  const ann = identity(user.email);
  expect(await signInWithOidc(postgres, ann, now)).toBe(user.id);
  const moved = { ...ann, email: "ann@elsewhere.example", isEmailVerified: false };
  expect(await signInWithOidc(postgres, moved, now)).toBe(user.id);
});

test("an address that is not verified, or linked to somebody else, opens no account", async () => {
  const user = await buildUser(postgres);
  expect(
    await signInWithOidc(postgres, { ...identity(user.email), isEmailVerified: false }, now),
  ).toBeNull();
  await signInWithOidc(postgres, identity(user.email), now);
  expect(await signInWithOidc(postgres, identity(user.email), now)).toBeNull();
});

test("a stranger gets an account only with an open invitation", async () => {
  const ann = identity(`${randomUUID()}@example.com`);
  expect(await signInWithOidc(postgres, ann, now)).toBeNull();
  const workspace = await buildWorkspace(postgres);
  await replaceInvitation(
    { pg: postgres.db, workspaceId: workspace.id },
    {
      id: randomUUID(),
      email: ann.email,
      role: "viewer",
      tokenHash: randomUUID(),
      createdAt: now,
      expiresAt: new Date(now.getTime() + 1),
    },
  );
  expect(await signInWithOidc(postgres, ann, now)).toEqual(expect.any(String));
});
