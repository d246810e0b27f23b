import { randomBytes } from "node:crypto";
import { updateActionRow } from "#db/postgres/queries/action.ts";
import { actionInput, rotateActionOutput } from "#lib/api/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { mintWebhookSecret } from "#lib/notify/sign-webhook.ts";
import { defineService } from "../define-service.ts";
import { getOutgoing } from "../destination/get-outgoing.ts";
import { openSecrets, sealSecrets } from "./action-secrets.ts";
import { getActionRow } from "./to-action.ts";

const overlapMs = 24 * 3_600_000;

/** For a day both sign our calls, and both are believed of reports. */
export const rotateActionSecret = defineService({
  name: "rotateActionSecret",
  role: "admin",
  input: actionInput,
  output: rotateActionOutput,
  writes: true,
  async run(ctx, { actionId }) {
    const { sealer } = getOutgoing(ctx);
    const row = await getActionRow(ctx, { id: actionId });
    const { signingSecret, ...kept } = openSecrets(sealer, row);
    const secret = mintWebhookSecret(randomBytes);
    const previousUntil = new Date(ctx.now.getTime() + overlapMs).toISOString();
    const sealed = sealSecrets(sealer, actionId, {
      ...kept,
      signingSecret: secret,
      previousSecret: { secret: signingSecret, untilTime: previousUntil },
    });
    const changed = await updateActionRow(ctx, actionId, row.revision, {
      sealed,
      updatedAt: ctx.now,
    });
    if (changed === null)
      throw new AppError("stale", "The action was changed since you read it; read it again.");
    ctx.audit({
      action: "action.rotate",
      targetKind: "action",
      targetId: actionId,
      after: { slug: row.slug, previousUntil },
    });
    return { secret, previousUntil };
  },
});
