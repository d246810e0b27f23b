import { randomUUID } from "node:crypto";
import { AppError } from "#lib/domain/errors.ts";
import type { InboundContext } from "#lib/services/destination/inbound-context.ts";
import { changeIncident } from "#lib/services/incident/change-incident.ts";
import { answerJson } from "./answer.ts";
import type { Handled } from "./handle.ts";
import { handle } from "./handle.ts";

/** PagerDuty drops what is larger than 256 kB itself; a click in Slack is far smaller. */
const bodyBytesMax = 256 * 1024;

export interface Inbound {
  context: InboundContext;
  params: Record<string, string>;
  /** Exactly what was signed. */
  rawBody: string;
  header: (name: string) => string | null;
}

/** A door for what comes from outside without a session: its bytes are read whole and bounded before anybody parses them, since they
 *  are what was signed. */
export function inboundRoute(
  name: string,
  answer: (inbound: Inbound) => Promise<{ status: number; body: unknown }>,
) {
  return handle(name, async ({ request, params, runtime, requestId }) => {
    const { postgres, outgoing, publicUrl } = runtime;
    const { status, body } = await answer({
      context: {
        postgres,
        outgoing,
        publicUrl,
        now: runtime.now(),
        newId: randomUUID,
        changeIncident,
      },
      params,
      rawBody: await readRaw(request),
      header: (header) => request.headers.get(header),
    });
    return answerJson(body, requestId, status);
  });
}

async function readRaw(request: Handled["request"]): Promise<string> {
  const tooLarge = () => new AppError("too_large", `A body has at most ${bodyBytesMax} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bodyBytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
