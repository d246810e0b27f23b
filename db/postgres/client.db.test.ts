import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { TestStores } from "../testing/open-stores.ts";
import { openStores } from "../testing/open-stores.ts";
import type { PostgresPool } from "./client.ts";
import { createPostgres } from "./client.ts";

let stores: TestStores;

beforeAll(() => {
  stores = openStores();
});
afterAll(() => stores.close());

async function withPool(name: string, work: (pool: PostgresPool) => Promise<void>): Promise<void> {
  const pool = createPostgres({
    url: inject("databaseUrl"),
    application: name,
    connectionsMax: 2,
    onIdleError: () => {},
  });
  try {
    await work(pool);
  } finally {
    // Hangs where a connection was not given back.
    await pool.close();
  }
}

/** As a server that is stopped, a proxy that gives up or a person with a console does. */
const dropAll = (name: string) =>
  stores.postgres.db.execute(
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ${name}`,
  );

const one = (pool: PostgresPool) =>
  pool.transaction(async (tx) => (await tx.execute<{ n: number }>(sql`SELECT 1 AS n`)).rows[0]?.n);

test("a connection that breaks between two statements fails its transaction, and nothing else", async () => {
  await withPool("plumbline-client-between", async (pool) => {
    const broken = pool.transaction(async (tx) => {
      await tx.execute(sql`SELECT 1`);
      await dropAll("plumbline-client-between");
      // Until its socket has closed with nobody waiting for an answer.
      await expect
        .poll(
          async () =>
            (
              await stores.postgres.db.execute(
                sql`SELECT 1 FROM pg_stat_activity WHERE application_name = 'plumbline-client-between'`,
              )
            ).rows.length,
        )
        .toBe(0);
      await tx.execute(sql`SELECT 2`);
    });
    await expect(broken).rejects.toThrow();
    expect(await one(pool)).toBe(1);
  });
});

test("as many broken connections as the pool has room for, and it still works", async () => {
  await withPool("plumbline-client-many", async (pool) => {
    for (let i = 0; i < 20; i += 1) {
      await Promise.all([one(pool), one(pool)]);
      await dropAll("plumbline-client-many");
      // Some find the connection broken by their first statement, which is BEGIN.
      await Promise.allSettled([one(pool), one(pool)]);
      await expect.poll(() => one(pool).catch(() => null)).toBe(1);
    }
    expect(await Promise.all([one(pool), one(pool)])).toEqual([1, 1]);
  });
});

test("statements that a transaction is asked for side by side are sent one after the other", async () => {
  await withPool("plumbline-client-in-turn", async (pool) => {
    const warned: Error[] = [];
    const listen = (warning: Error) => warned.push(warning);
    process.on("warning", listen);
    const answers = await pool.transaction((tx) =>
      Promise.all(
        [1, 2, 3].map(
          async (n) => (await tx.execute<{ n: number }>(sql`SELECT ${n}::int AS n`)).rows[0]?.n,
        ),
      ),
    );
    expect(answers).toEqual([1, 2, 3]);
    const failing = pool.transaction((tx) =>
      Promise.all([tx.execute(sql`SELECT 1 / 0`), tx.execute(sql`SELECT 1`)]),
    );
    await expect(failing).rejects.toMatchObject({ cause: { message: "division by zero" } });
    expect(await one(pool)).toBe(1);
    process.off("warning", listen);
    expect(warned).toEqual([]);
  });
});
