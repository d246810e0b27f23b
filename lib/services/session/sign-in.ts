import type { PostgresPool } from "#db/postgres/client.ts";
import {
  countSignInAttempt,
  deleteOldSignInAttempts,
  forgiveSignInAttempts,
  uncountSignInAttempt,
} from "#db/postgres/queries/sign-in-attempt.ts";
import { findCredentials } from "#db/postgres/queries/user.ts";
import { verifyPassword } from "./password.ts";

const minuteMs = 60_000;

/** Ten guesses at one account are a forgetful person, fifty from one address a forgetful office. */
export const signInLimits = {
  windowMs: 15 * minuteMs,
  perEmailMax: 10,
  perAddressMax: 50,
  passwordLengthMax: 200,
} as const;

export type SignInResult =
  | { kind: "signedIn"; user: { id: string; email: string; name: string } }
  | { kind: "refused" }
  | { kind: "limited"; retryAfterSeconds: number };

export interface SignInAttempt {
  email: string;
  password: string;
  /** Where it comes from, as far as the server can tell. */
  address: string;
}

/** One attempt to sign in with a password. It is counted before the password is looked at, and the count is taken
 *  back when it was right: attempts that arrive together are limited like those that come one by one. */
export async function signIn(
  postgres: PostgresPool,
  attempt: SignInAttempt,
  now: Date,
): Promise<SignInResult> {
  const email = attempt.email.trim().toLowerCase().slice(0, 320);
  const emailKey = `email:${email}`;
  const addressKey = `address:${attempt.address.slice(0, 64)}`;
  const counts = [
    { key: addressKey, max: signInLimits.perAddressMax },
    { key: emailKey, max: signInLimits.perEmailMax },
  ];
  await deleteOldSignInAttempts(postgres.db, new Date(now.getTime() - 4 * signInLimits.windowMs));
  for (const { key, max } of counts) {
    const counted = await countSignInAttempt(postgres.db, key, now, signInLimits.windowMs);
    if (counted.attemptCount > max) {
      const untilMs = counted.windowStartedAt.getTime() + signInLimits.windowMs;
      return {
        kind: "limited",
        retryAfterSeconds: Math.max(1, Math.ceil((untilMs - now.getTime()) / 1000)),
      };
    }
  }
  const found = await findCredentials(postgres.db, email);
  const password = attempt.password.slice(0, signInLimits.passwordLengthMax + 1);
  const isRight = await verifyPassword(found?.passwordHash ?? null, password);
  if (found === null || !isRight) return { kind: "refused" };
  await forgiveSignInAttempts(postgres.db, emailKey);
  await uncountSignInAttempt(postgres.db, addressKey);
  return { kind: "signedIn", user: { id: found.id, email: found.email, name: found.name } };
}
