import type { NextRequest } from "next/server";
import { NextResponse } from "next/server";
import { contentSecurityPolicy } from "#lib/http/content-security-policy.ts";

/** A nonce for every page; Next puts it on its scripts when it finds the policy in the request's headers. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  // biome-ignore lint/style/noProcessEnv: Next writes this value into the bundle when it builds
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/** Pages only. Next keeps the first 10 MB of a body for this function: data and uploads must not pass through it. */
export const config = {
  matcher: ["/((?!api/|v1/|_next/|healthz$|readyz$|metrics$).*)"],
};
