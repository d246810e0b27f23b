import type { FastifyInstance } from "fastify";
import { wireChangeLimits } from "#lib/domain/change.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { RowRejection } from "#lib/domain/wire.ts";
import { recordChangeRows } from "#lib/services/change/record-change-rows.ts";
import type { KeyDoorOptions } from "./key-door.ts";
import { decode, openCall } from "./key-door.ts";
import { bodyTypeOf, parseBody } from "./parse-body.ts";

/** The door by which the SDKs tell what was changed: answered like rows, one verdict each, and kept before it is answered. */
export function registerChangeRoute(app: FastifyInstance, options: KeyDoorOptions): void {
  app.post("/v1/changes", async (request, reply) => {
    const call = await openCall(options, request);
    const type = bodyTypeOf(request.headers["content-type"]);
    const rows = [...parseBody(await readBounded(decode(request)), type)];
    if (rows.length > wireChangeLimits.rowsMax)
      throw new AppError("too_large", `A body has at most ${wireChangeLimits.rowsMax} changes.`);
    const unread = rows.flatMap(({ problem }, index): RowRejection[] =>
      problem === null ? [] : [{ index, ...problem }],
    );
    const readable = rows.flatMap(({ problem, value }, index) =>
      problem === null ? [{ index, value }] : [],
    );
    const { rejected: refused } =
      readable.length === 0
        ? { rejected: [] }
        : await recordChangeRows.call(call, { rows: readable }).catch(whenAway);
    const rejected = [...unread, ...refused].sort((a, b) => a.index - b.index);
    const accepted = rows.length - rejected.length;
    return reply.status(accepted > 0 ? 202 : 422).send({ accepted, rejected });
  });
}

/** What is sent again counts once, so that a sender can wait and try. */
function whenAway(cause: unknown): never {
  if (cause instanceof AppError) throw cause;
  throw new AppError("unavailable", "Changes can't be kept at the moment; send them again.", {
    retryAfterSeconds: 5,
    cause,
  });
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > wireChangeLimits.bodyBytesMax)
      throw new AppError("too_large", `A body has at most ${wireChangeLimits.bodyBytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
