import { hash, verify } from "@node-rs/argon2";
import { z } from "zod";

/** argon2id with 19 MiB and two passes: the least that OWASP's cheat sheet asks for, about 30 ms of one core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const passwordSchema = z
  .string()
  .min(12, "a password has at least 12 characters")
  .max(200, "a password has at most 200 characters");

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Stands in for an account that is not there, so that its absence takes as long as a wrong password. */
let absentHash: Promise<string> | undefined;

export async function verifyPassword(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  absentHash ??= hashPassword("nobody has this password");
  const stored = passwordHash ?? (await absentHash);
  const isRight = await verify(stored, password);
  return isRight && passwordHash !== null;
}
