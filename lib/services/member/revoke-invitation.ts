import { z } from "zod";
import { deleteInvitation } from "#db/postgres/queries/member.ts";
import { revokeInvitationInput } from "#lib/api/member.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";

export const revokeInvitation = defineService({
  name: "revokeInvitation",
  role: "admin",
  input: revokeInvitationInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { invitationId }) {
    const before = await deleteInvitation(ctx, invitationId);
    if (before === null) throw new AppError("not_found", "There is no such open invitation.");
    ctx.audit({
      action: "invitation.revoke",
      targetKind: "invitation",
      targetId: invitationId,
      before,
    });
    return undefined;
  },
});
