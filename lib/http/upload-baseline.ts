import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { uploadBaselineOutput, uploadBaselineQuery } from "#lib/api/baseline.ts";
import { baselineMappingSchema } from "#lib/domain/baseline-mapping.ts";
import { AppError } from "#lib/domain/errors.ts";
import { importBaseline } from "#lib/services/baseline/import-baseline.ts";
import { nameActor } from "#lib/services/member/name-actor.ts";
import { answerJson } from "./answer.ts";
import { handle } from "./handle.ts";
import { toNodeStream } from "./node-stream.ts";
import { openCall } from "./open-call.ts";

/** The body is the file itself, streamed to the disk and from there to the store; what it is stands in the query. Answered with
 *  202 when the rows are stored: the worker profiles them next. */
export const uploadBaseline = handle("uploadBaseline", async (handled) => {
  const { request, params, runtime, requestId } = handled;
  const call = await openCall(handled);
  const query = uploadBaselineQuery.parse(Object.fromEntries(new URL(request.url).searchParams), {
    reportInput: true,
  });
  if (request.body === null) throw new AppError("invalid_request", "The body is the file.");
  const folder = join(runtime.env.PLUMBLINE_DATA_DIR, "uploads");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const output = await importBaseline(
    { ...call, clickhouse: runtime.importClickhouse },
    {
      ...query,
      model: params.model ?? "",
      mapping: parseMapping(query.mapping),
      createdBy: await nameActor(call),
    },
    toNodeStream(request.body),
    sizeOf(request),
    folder,
  );
  return answerJson(uploadBaselineOutput.parse(output), requestId, 202);
});

function parseMapping(text: string) {
  let mapping: unknown;
  try {
    mapping = JSON.parse(text);
  } catch {
    throw new AppError("invalid_request", "The mapping can't be read as JSON.", {
      details: [{ path: "mapping", message: "is not JSON" }],
    });
  }
  return baselineMappingSchema.parse(mapping, { reportInput: true });
}

function sizeOf(request: Request): number | undefined {
  const length = request.headers.get("content-length");
  return length === null ? undefined : Number(length);
}
