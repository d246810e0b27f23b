import { putSlackAccount } from "#db/postgres/queries/inbound.ts";
import { linkSlackInput, linkSlackOutput } from "#lib/api/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getOutgoing } from "./get-outgoing.ts";
import { openSlackLink } from "./slack-link.ts";

/** Whoever is signed in says that they are the one in Slack who asked; the link was shown to that one alone. */
export const linkSlackAccount = defineService({
  name: "linkSlackAccount",
  role: "viewer",
  input: linkSlackInput,
  output: linkSlackOutput,
  writes: true,
  async run(ctx, { token }) {
    if (ctx.actor.kind !== "user")
      throw new AppError("forbidden", "Only a person who is signed in can link an account.");
    const link = openSlackLink(getOutgoing(ctx).sealer, token, ctx.now);
    if (link === null || link.workspaceId !== ctx.workspaceId)
      throw new AppError(
        "not_found",
        "This link is too old or not whole. Press the button in Slack again.",
      );
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
