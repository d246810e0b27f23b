import { AppError } from "#lib/domain/errors.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** A cookie goes along with whatever page sends the request, so a write that a cookie pays for must come from our own
 *  pages. Browsers say where from; what says nothing is no browser, and no other site can make it send. */
export function assertSameSite(request: Request, publicUrl: string): void {
  if (safeMethods.has(request.method)) return;
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin") return;
  const origin = request.headers.get("origin");
  if (site === null && (origin === null || isOurs(origin, request, publicUrl))) return;
  throw new AppError("forbidden", "This request came from another site; nothing was changed.");
}

function isOurs(origin: string, request: Request, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === new URL(publicUrl).host || host === request.headers.get("host");
}
