import { z } from "zod";
import { deleteMember } from "#db/postgres/queries/member.ts";
import { removeMemberInput } from "#lib/api/member.ts";
import { AppError } from "#lib/domain/errors.ts";
import { hasRole } from "#lib/domain/role.ts";
import type { Actor } from "../context.ts";
import { defineService } from "../define-service.ts";
import { assertMayGrant } from "./assert-may-grant.ts";
import { assertOwnerRemains, lockMember } from "./change-members.ts";

/** Anybody may leave; to send away somebody else takes an admin. */
export const removeMember = defineService({
  name: "removeMember",
  role: "viewer",
  input: removeMemberInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { userId }) {
    const isLeaving = ctx.actor.kind === "user" && ctx.actor.userId === userId;
    if (!isLeaving && !isAdmin(ctx.actor)) {
      throw new AppError("forbidden", "Only an owner or admin can remove somebody else.");
    }
    const before = await lockMember(ctx, userId);
    if (!isLeaving) assertMayGrant(ctx.actor, before.role);
    assertOwnerRemains(before.isLastOwner, null);
    await deleteMember(ctx, userId);
    ctx.audit({
      action: isLeaving ? "member.leave" : "member.remove",
      targetKind: "user",
      targetId: userId,
      before: { role: before.role },
    });
    return undefined;
  },
});

function isAdmin(actor: Actor): boolean {
  switch (actor.kind) {
    case "user":
      return hasRole(actor.role, "admin");
    case "key":
      return actor.scopes.includes("admin");
    case "job":
      return true;
  }
}
