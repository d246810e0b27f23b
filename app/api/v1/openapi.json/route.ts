import { handle } from "#lib/http/handle.ts";
import { renderOpenapi } from "#lib/http/openapi.ts";

export const GET = handle("openapi", async ({ runtime }) =>
  Response.json(renderOpenapi(runtime.publicUrl), { headers: { "cache-control": "no-cache" } }),
);
