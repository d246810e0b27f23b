import { AppError } from "#lib/domain/errors.ts";
import { imageLimits, imageTypes } from "#lib/domain/image.ts";
import { addImage as service } from "#lib/services/timeline/add-image.ts";
import { answerJson } from "./answer.ts";
import { handle } from "./handle.ts";
import { openCall } from "./open-call.ts";
import { readBounded } from "./read-bounded.ts";

/** The body is the picture itself. What its sender calls it must be one of the types that are taken; what it is, its bytes say. */
export const addImage = handle("addImage", async (handled) => {
  const { request, params, requestId } = handled;
  const call = await openCall(handled);
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (!imageTypes.some((one) => one === type))
    throw new AppError("unsupported_type", `Send the picture as one of ${imageTypes.join(", ")}.`);
  const bytes = await readBounded(request, imageLimits.bytesMax);
  const output = await service.call(call, { incident: params.incident, bytes });
  return answerJson(output, requestId, 201);
});
