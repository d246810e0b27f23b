import { findUser } from "#db/postgres/queries/user.ts";
import { describeSlackLinkOutput, linkSlackInput } from "#lib/api/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getOutgoing } from "./get-outgoing.ts";
import { getSlackLink } from "./slack-link.ts";

/** Whom in Slack a link is about, and in whose name they would answer, before anybody agrees to it: a link can have been made by
 *  somebody else. */
export const describeSlackLink = defineService({
  name: "describeSlackLink",
  role: "viewer",
  input: linkSlackInput,
  output: describeSlackLinkOutput,
  writes: false,
  async run(ctx, { token }) {
    if (ctx.actor.kind !== "user")
      throw new AppError("forbidden", "Only a person who is signed in can link an account.");
    const { slackUserId, slackName, teamId, teamDomain, expiresAt } = getSlackLink(
      getOutgoing(ctx).sealer,
      token,
      ctx,
    );
    const person = await findUser(ctx.pg, ctx.actor.userId);
    if (person === null) throw new AppError("not_found", "Your account is gone.");
    return {
      slackName,
      slackUserId,
      teamId,
      teamDomain,
      expiresAt,
      person: { name: person.name, email: person.email },
    };
  },
});
