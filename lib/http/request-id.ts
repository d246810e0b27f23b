import { randomUUID } from "node:crypto";

/** A proxy's id is kept when it is fit for a log, so that one id leads through both. */
export function requestIdOf(request: Request): string {
  const given = request.headers.get("x-request-id");
  return given !== null && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
