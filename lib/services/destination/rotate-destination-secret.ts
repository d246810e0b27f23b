import { randomBytes } from "node:crypto";
import { updateDestinationRow } from "#db/postgres/queries/destination.ts";
import { destinationInput, rotateSecretOutput } from "#lib/api/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import { mintWebhookSecret } from "#lib/notify/sign-webhook.ts";
import { defineService } from "../define-service.ts";
import { getOutgoing } from "./get-outgoing.ts";
import { closeSettings, openSettings } from "./open-settings.ts";
import { getDestinationRow } from "./to-destination.ts";

const overlapMs = 24 * 3_600_000;

/** A new signing secret for a webhook; for a day both sign, so that the receiver can change over without losing a message. */
export const rotateDestinationSecret = defineService({
  name: "rotateDestinationSecret",
  role: "admin",
  input: destinationInput,
  output: rotateSecretOutput,
  writes: true,
  async run(ctx, { destinationId }) {
    const { sealer } = getOutgoing(ctx);
    const row = await getDestinationRow(ctx, destinationId);
    const destination = openSettings(sealer, row);
    if (destination.kind !== "webhook")
      throw new AppError("conflict", "Only a webhook has a secret of ours; edit this one instead.");
    const secret = mintWebhookSecret(randomBytes);
    const untilTime = new Date(ctx.now.getTime() + overlapMs).toISOString();
    const { url, signingSecret } = destination.settings;
    const previousSecret = { secret: signingSecret, untilTime };
    const settings = { url, signingSecret: secret, previousSecret };
    await updateDestinationRow(ctx, destinationId, {
      ...closeSettings(sealer, destinationId, { kind: "webhook", settings }),
      updatedAt: ctx.now,
    });
    ctx.audit({
      action: "destination.rotate",
      targetKind: "destination",
      targetId: destinationId,
      after: { name: row.name, previousUntil: untilTime },
    });
    return { secret, previousUntil: untilTime };
  },
});
