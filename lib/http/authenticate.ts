import { readSessionUserId } from "#lib/auth.ts";
import { AppError } from "#lib/domain/errors.ts";
import { getRuntime } from "#lib/runtime.ts";
import type { Identity } from "#lib/services/workspace/open-workspace.ts";
import { assertSameSite } from "./assert-same-site.ts";

/** Who sends a request: the holder of a key, or of a session cookie; null is nobody. A key wins, and brings no cookie's
 *  dangers with it. */
export async function findIdentity(request: Request): Promise<Identity | null> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return { kind: "key", key: bearerOf(authorization) };
  const userId = await readSessionUserId(request);
  if (userId === null) return null;
  assertSameSite(request, getRuntime().publicUrl);
  return { kind: "user", userId };
}

export async function getIdentity(request: Request): Promise<Identity> {
  const identity = await findIdentity(request);
  if (identity === null) {
    throw new AppError("unauthorized", "Sign in, or send an API key: Authorization: Bearer pl_…");
  }
  return identity;
}

function bearerOf(authorization: string): string {
  const [scheme = "", key = "", ...rest] = authorization.trim().split(/\s+/);
  if (scheme.toLowerCase() !== "bearer" || key === "" || rest.length > 0) {
    throw new AppError("unauthorized", "The authorization header reads: Bearer pl_…");
  }
  return key;
}
