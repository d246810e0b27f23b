import { renderMetrics } from "#lib/http/metrics.ts";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const { body, contentType } = await renderMetrics();
  return new Response(body, { headers: { "content-type": contentType } });
}
