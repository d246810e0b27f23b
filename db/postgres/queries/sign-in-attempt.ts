import { eq, lt, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { signInAttempts } from "../schema/keys.ts";

/** Counts one attempt and answers how many there are in the window; in one statement, so that attempts that arrive
 *  together can't slip past the limit together. */
export async function countSignInAttempt(
  pg: Postgres,
  key: string,
  now: Date,
  windowMs: number,
): Promise<{ attemptCount: number; windowStartedAt: Date }> {
  const oldest = new Date(now.getTime() - windowMs);
  const isOver = sql`${signInAttempts.windowStartedAt} <= ${oldest.toISOString()}::timestamptz`;
  const rows = await pg
    .insert(signInAttempts)
    .values({ key, failures: 1, windowStartedAt: now })
    .onConflictDoUpdate({
      target: signInAttempts.key,
      set: {
        failures: sql`CASE WHEN ${isOver} THEN 1 ELSE ${signInAttempts.failures} + 1 END`,
        windowStartedAt: sql`CASE WHEN ${isOver} THEN ${now.toISOString()}::timestamptz ELSE ${signInAttempts.windowStartedAt} END`,
      },
    })
    .returning({
      attemptCount: signInAttempts.failures,
      windowStartedAt: signInAttempts.windowStartedAt,
    });
  return rows[0] ?? { attemptCount: 1, windowStartedAt: now };
}

export async function forgiveSignInAttempts(pg: Postgres, key: string): Promise<void> {
  await pg.delete(signInAttempts).where(eq(signInAttempts.key, key));
}

/** Takes back one attempt: a sign-in that succeeded is no failure of its address. */
export async function uncountSignInAttempt(pg: Postgres, key: string): Promise<void> {
  await pg
    .update(signInAttempts)
    .set({ failures: sql`greatest(${signInAttempts.failures} - 1, 0)` })
    .where(eq(signInAttempts.key, key));
}

export async function deleteOldSignInAttempts(pg: Postgres, before: Date): Promise<void> {
  await pg.delete(signInAttempts).where(lt(signInAttempts.windowStartedAt, before));
}
