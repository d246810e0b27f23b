import { randomUUID } from "node:crypto";
import {
  findMemberByEmail,
  listOpenInvitations,
  memberLimits,
  replaceInvitation,
} from "#db/postgres/queries/member.ts";
import { inviteMemberInput, inviteMemberOutput } from "#lib/api/member.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { assertMayGrant } from "./assert-may-grant.ts";
import { mintInvitationToken } from "./invitation-token.ts";

const validMs = 7 * 24 * 60 * 60 * 1000;

export const inviteMember = defineService({
  name: "inviteMember",
  role: "admin",
  input: inviteMemberInput,
  output: inviteMemberOutput,
  writes: true,
  async run(ctx, { email, role }) {
    assertMayGrant(ctx.actor, role);
    if ((await findMemberByEmail(ctx, email)) !== null) {
      throw new AppError("conflict", `${email} is a member already.`);
    }
    const open = await listOpenInvitations(ctx, ctx.now);
    if (open.length >= memberLimits.invitationsMax) {
      throw new AppError(
        "limit_exceeded",
        `There are ${open.length} open invitations, which is the most.`,
      );
    }
    const invitationId = randomUUID();
    const { token, tokenHash } = mintInvitationToken();
    await replaceInvitation(ctx, {
      id: invitationId,
      email,
      role,
      tokenHash,
      createdAt: ctx.now,
      expiresAt: new Date(ctx.now.getTime() + validMs),
    });
    ctx.audit({
      action: "invitation.create",
      targetKind: "invitation",
      targetId: invitationId,
      after: { email, role },
    });
    // Behind the #, the token reaches no server's log and no other site's referrer.
    return { invitationId, link: `${ctx.call.publicUrl ?? ""}/join#${token}` };
  },
});
