import { z } from "zod";
import { findImage } from "#db/postgres/queries/incident-room.ts";
import { imageInput } from "#lib/api/timeline.ts";
import { AppError } from "#lib/domain/errors.ts";
import { imageTypes } from "#lib/domain/image.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";

/** A picture of an incident, to whoever may see the incident. */
export const getImage = defineService({
  name: "getImage",
  role: "viewer",
  input: imageInput,
  output: z.object({ mediaType: z.enum(imageTypes), bytes: z.instanceof(Uint8Array) }),
  writes: false,
  async run(ctx, { incident, imageHash }) {
    const { id } = await getIncidentRow(ctx, incident);
    const image = await findImage(ctx, id, imageHash);
    if (image === null)
      throw new AppError("not_found", `Incident ${incident} has no such picture.`);
    return {
      mediaType: z.enum(imageTypes).parse(image.mediaType),
      bytes: new Uint8Array(image.bytes),
    };
  },
});
