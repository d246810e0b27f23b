import { AppError } from "#lib/domain/errors.ts";
import { getImage as service } from "#lib/services/timeline/get-image.ts";
import { handle } from "./handle.ts";
import { openCall } from "./open-call.ts";

/** A picture of an incident. Other sites can't show it, a browser takes it for nothing but a picture, and should it be opened as a
 *  page nothing in it may run. Its name is its content: it is never asked for twice. */
export const getImage = handle("getImage", async (handled) => {
  const { request, params, requestId } = handled;
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none")
    throw new AppError("forbidden", "Another site can't show a picture of an incident.");
  const call = await openCall(handled);
  const { incident, imageHash } = params;
  const { mediaType, bytes } = await service.call(call, { incident, imageHash });
  return new Response(bytes, {
    headers: {
      "content-type": mediaType,
      "content-length": String(bytes.length),
      "content-disposition": "inline",
      "cache-control": "private, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-request-id": requestId,
    },
  });
});
