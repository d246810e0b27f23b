import { randomBytes, randomUUID } from "node:crypto";
import { countActions, insertAction } from "#db/postgres/queries/action.ts";
import { createActionInput, createActionOutput } from "#lib/api/action.ts";
import { actionLimits } from "#lib/domain/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { mintWebhookSecret } from "#lib/notify/sign-webhook.ts";
import { defineService } from "../define-service.ts";
import { getOutgoing } from "../destination/get-outgoing.ts";
import { describeUrl, sealSecrets } from "./action-secrets.ts";
import { assertDefinition, assertUrl } from "./assert-definition.ts";
import { getActionRow, toAction } from "./to-action.ts";

export const createAction = defineService({
  name: "createAction",
  role: "admin",
  input: createActionInput,
  output: createActionOutput,
  writes: true,
  async run(ctx, { slug, name, url, bearerToken, definition }) {
    const { sealer, allowedHosts } = getOutgoing(ctx);
    assertDefinition(definition);
    assertUrl(url, allowedHosts);
    if ((await countActions(ctx)) >= actionLimits.perWorkspaceMax)
      throw new AppError(
        "limit_exceeded",
        `This workspace has ${actionLimits.perWorkspaceMax} actions, which is the most. Delete one first.`,
      );
    const id = randomUUID();
    const secret = mintWebhookSecret(randomBytes);
    const isNew = await insertAction(ctx, {
      id,
      slug,
      name,
      kind: definition.kind,
      address: describeUrl(url),
      definition,
      sealed: sealSecrets(sealer, id, {
        url,
        signingSecret: secret,
        bearerToken: bearerToken ?? undefined,
      }),
      createdAt: ctx.now,
      updatedAt: ctx.now,
    });
    if (!isNew) throw new AppError("conflict", `There is an action "${slug}" already.`);
    ctx.audit({
      action: "action.create",
      targetKind: "action",
      targetId: id,
      after: { slug, name, address: describeUrl(url), definition },
    });
    return { action: await toAction(ctx, await getActionRow(ctx, { id })), secret };
  },
});
