import { putSlackAccount } from "#db/postgres/queries/inbound.ts";
import { linkSlackInput, linkSlackOutput } from "#lib/api/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getOutgoing } from "./get-outgoing.ts";
import { getSlackLink } from "./slack-link.ts";

/** Whoever is signed in says that they are the one in Slack who asked. That one may have passed the link on, so that the page has
 *  shown who it is before. */
export const linkSlackAccount = defineService({
  name: "linkSlackAccount",
  role: "viewer",
  input: linkSlackInput,
  output: linkSlackOutput,
  writes: true,
  async run(ctx, { token }) {
    if (ctx.actor.kind !== "user")
      throw new AppError("forbidden", "Only a person who is signed in can link an account.");
    const link = getSlackLink(getOutgoing(ctx).sealer, token, ctx);
    const { teamId, slackUserId, slackName } = link;
    await putSlackAccount(ctx.pg, {
      workspaceId: ctx.workspaceId,
      slackTeamId: teamId,
      slackUserId,
      userId: ctx.actor.userId,
      linkedAt: ctx.now,
    });
    ctx.audit({
      action: "slack-account.link",
      targetKind: "user",
      targetId: ctx.actor.userId,
      after: { teamId, slackUserId, slackName },
    });
    return { slackName };
  },
});
