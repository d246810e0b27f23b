import { z } from "zod";
import { listMemberRows, listOpenInvitations } from "#db/postgres/queries/member.ts";
import { memberListOutput } from "#lib/api/member.ts";
import { defineService } from "../define-service.ts";

export const listMembers = defineService({
  name: "listMembers",
  role: "viewer",
  input: z.object({}),
  output: memberListOutput,
  writes: false,
  async run(ctx) {
    const members = await listMemberRows(ctx);
    const invitations = await listOpenInvitations(ctx, ctx.now);
    return {
      members: members.map((member) => ({ ...member, joinedAt: member.joinedAt.toISOString() })),
      invitations: invitations.map((invitation) => ({
        ...invitation,
        createdAt: invitation.createdAt.toISOString(),
        expiresAt: invitation.expiresAt.toISOString(),
      })),
    };
  },
});
