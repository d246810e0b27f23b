import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { PostgresPool } from "#db/postgres/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import { hashPassword } from "./password.ts";
import { signIn, signInLimits } from "./sign-in.ts";

const password = "correct horse battery staple";
const now = new Date("2026-03-01T12:00:00.000Z");
const later = (ms: number) => new Date(now.getTime() + ms);

let postgres: PostgresPool;
let passwordHash: string;

beforeAll(async () => {
  postgres = createPostgres({ url: inject("databaseUrl"), application: "test" });
  passwordHash = await hashPassword(password);
});
afterAll(() => postgres.close());

test("the right password signs in, whatever the case of the e-mail address", async () => {
  const user = await buildUser(postgres, { passwordHash });
  const attempt = { email: ` ${user.email.toUpperCase()}`, password, address: user.id };
  expect(await signIn(postgres, attempt, now)).toMatchObject({
    kind: "signedIn",
    user: { id: user.id },
  });
});

test("a wrong password, an unknown address and an account without a password are refused alike", async () => {
  const user = await buildUser(postgres, { passwordHash });
  const oidcOnly = await buildUser(postgres);
  const attempts = [
    { email: user.email, password: "wrong" },
    { email: `nobody-${user.id}@example.com`, password },
    { email: oidcOnly.email, password },
    { email: oidcOnly.email, password: "nobody has this password" },
  ];
  for (const attempt of attempts) {
    expect(await signIn(postgres, { ...attempt, address: user.id }, now)).toEqual({
      kind: "refused",
    });
  }
});

test("after ten failures even the right password waits for the window to pass", async () => {
  const user = await buildUser(postgres, { passwordHash });
  const attempt = (secret: string) => ({ email: user.email, password: secret, address: user.id });
  // All at once: the count is taken before the password is looked at.
  const results = await Promise.all(
    Array.from({ length: 15 }, () => signIn(postgres, attempt("wrong"), now)),
  );
  expect(results.filter((result) => result.kind === "refused")).toHaveLength(
    signInLimits.perEmailMax,
  );
  expect(await signIn(postgres, attempt(password), later(60_000))).toEqual({
    kind: "limited",
    retryAfterSeconds: 14 * 60,
  });
  const after = await signIn(postgres, attempt(password), later(signInLimits.windowMs));
  expect(after.kind).toBe("signedIn");
});

test("one address can't try one password on many accounts", async () => {
  const { id: address } = await buildUser(postgres);
  const guess = (index: number) => ({
    email: `${index}-${address}@example.com`,
    password: "x",
    address,
  });
  const results = await Promise.all(
    Array.from({ length: 55 }, (_, index) => signIn(postgres, guess(index), now)),
  );
  expect(results.filter((result) => result.kind === "limited")).toHaveLength(5);
});

test("signing in rightly uses up nothing", async () => {
  const user = await buildUser(postgres, { passwordHash });
  for (let index = 0; index <= signInLimits.perEmailMax; index++) {
    const result = await signIn(postgres, { email: user.email, password, address: user.id }, now);
    expect(result.kind).toBe("signedIn");
  }
});
