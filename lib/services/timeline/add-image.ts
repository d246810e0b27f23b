import { hash } from "node:crypto";
import { z } from "zod";
import { lockWriter } from "#db/postgres/queries/incident.ts";
import { countImages, findImage, insertImage } from "#db/postgres/queries/incident-room.ts";
import { addImageInput, addImageOutput } from "#lib/api/timeline.ts";
import { AppError } from "#lib/domain/errors.ts";
import { imageLimits } from "#lib/domain/image.ts";
import { inspectImage } from "#lib/rules/inspect-image.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";

/** Keeps a pasted picture under the hash of its bytes; the same one again is the same picture. */
export const addImage = defineService({
  name: "addImage",
  role: "editor",
  input: addImageInput.extend({ bytes: z.instanceof(Uint8Array) }),
  output: addImageOutput,
  writes: true,
  async run(ctx, { incident, bytes }) {
    const { id: incidentId } = await getIncidentRow(ctx, incident);
    if (bytes.length > imageLimits.bytesMax)
      throw new AppError(
        "too_large",
        `A picture has at most ${imageLimits.bytesMax} bytes; this one has ${bytes.length}.`,
      );
    const facts = inspectImage(bytes);
    if (facts === null)
      throw new AppError(
        "unsupported_type",
        "The body is no PNG, JPEG, GIF or WebP picture, or it is cut off.",
      );
    const { width, height, mediaType } = facts;
    if (width * height > imageLimits.pixelsMax)
      throw new AppError(
        "too_large",
        `A picture has at most ${imageLimits.pixelsMax / 1_000_000} million pixels; this one has ${width} × ${height}.`,
      );
    const name = hash("sha256", bytes, "hex");
    const answer = { hash: name, width, height, markdown: `![picture](image:${name})` };
    await lockWriter(ctx.pg, `images ${incidentId}`);
    if ((await findImage(ctx, incidentId, name)) !== null) {
      ctx.audit("unchanged");
      return answer;
    }
    if ((await countImages(ctx, incidentId)) >= imageLimits.imagesMax)
      throw new AppError(
        "limit_exceeded",
        `An incident has at most ${imageLimits.imagesMax} pictures.`,
      );
    const { workspaceId, now } = ctx;
    await insertImage(ctx.pg, {
      workspaceId,
      incidentId,
      hash: name,
      mediaType,
      bytes: Buffer.from(bytes),
      width,
      height,
      actor: await toIncidentActor(ctx),
      createdAt: now,
    });
    ctx.audit({
      action: "incident.image",
      targetKind: "incident",
      targetId: incidentId,
      after: { hash: name, mediaType, width, height, byteCount: bytes.length },
    });
    return answer;
  },
});
