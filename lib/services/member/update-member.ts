import { z } from "zod";
import { setMemberRole } from "#db/postgres/queries/member.ts";
import { updateMemberInput } from "#lib/api/member.ts";
import { defineService } from "../define-service.ts";
import { assertMayGrant } from "./assert-may-grant.ts";
import { assertOwnerRemains, lockMember } from "./change-members.ts";

export const updateMember = defineService({
  name: "updateMember",
  role: "admin",
  input: updateMemberInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { userId, role }) {
    const before = await lockMember(ctx, userId);
    assertMayGrant(ctx.actor, before.role);
    assertMayGrant(ctx.actor, role);
    if (before.role === role) {
      ctx.audit("unchanged");
      return undefined;
    }
    assertOwnerRemains(before.isLastOwner, role);
    await setMemberRole(ctx, userId, role);
    ctx.audit({
      action: "member.update",
      targetKind: "user",
      targetId: userId,
      before: { role: before.role },
      after: { role },
    });
    return undefined;
  },
});
