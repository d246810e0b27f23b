import { updateActionRow } from "#db/postgres/queries/action.ts";
import { updateActionInput, updateActionOutput } from "#lib/api/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { assertRevision } from "../assert-revision.ts";
import { defineService } from "../define-service.ts";
import { getOutgoing } from "../destination/get-outgoing.ts";
import { describeUrl, openSecrets, sealSecrets } from "./action-secrets.ts";
import { assertDefinition, assertUrl } from "./assert-definition.ts";
import { getActionRow, toAction } from "./to-action.ts";

/** Runs that are under way keep what they were asked for with; where they go and what signs them is what it is now. */
export const updateAction = defineService({
  name: "updateAction",
  role: "admin",
  input: updateActionInput,
  output: updateActionOutput,
  writes: true,
  async run(ctx, { actionId, revision, url, bearerToken, ...wanted }) {
    const { sealer, allowedHosts } = getOutgoing(ctx);
    const before = await getActionRow(ctx, { id: actionId });
    assertRevision("The action", before.revision, revision);
    if (wanted.definition !== undefined) assertDefinition(wanted.definition);
    if (url !== undefined) assertUrl(url, allowedHosts);
    const isMoved = url !== undefined || bearerToken !== undefined;
    const secrets = isMoved ? openSecrets(sealer, before) : null;
    const sealed =
      secrets === null
        ? before.sealed
        : sealSecrets(sealer, actionId, {
            ...secrets,
            ...(url === undefined ? {} : { url }),
            ...(bearerToken === undefined ? {} : { bearerToken: bearerToken ?? undefined }),
          });
    const after = await updateActionRow(ctx, actionId, revision, {
      ...(wanted.name === undefined ? {} : { name: wanted.name }),
      ...(wanted.isEnabled === undefined ? {} : { isEnabled: wanted.isEnabled }),
      ...(wanted.definition === undefined
        ? {}
        : { definition: wanted.definition, kind: wanted.definition.kind }),
      ...(url === undefined ? {} : { address: describeUrl(url) }),
      sealed,
      updatedAt: ctx.now,
    });
    if (after === null)
      throw new AppError("stale", "The action was changed since you read it; read it again.");
    const shown = ({ name, address, isEnabled, definition }: typeof after) => ({
      name,
      address,
      isEnabled,
      definition,
    });
    ctx.audit({
      action: "action.update",
      targetKind: "action",
      targetId: actionId,
      before: shown(before),
      // That a token was changed, and never to what.
      after: { ...shown(after), isTokenChanged: bearerToken !== undefined },
    });
    return { action: await toAction(ctx, after) };
  },
});
