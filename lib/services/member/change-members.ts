import { lockMembers } from "#db/postgres/queries/member.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { Role } from "#lib/domain/role.ts";
import type { ServiceContext } from "../context.ts";

/** The role that somebody has now, with all members locked, so that what is decided from it still holds at the commit. */
export async function lockMember(ctx: ServiceContext, userId: string) {
  const members = await lockMembers(ctx);
  const member = members.find((row) => row.userId === userId);
  if (member === undefined) throw new AppError("not_found", "There is no such member.");
  const ownerCount = members.filter((row) => row.role === "owner").length;
  return { role: member.role, isLastOwner: member.role === "owner" && ownerCount === 1 };
}

export function assertOwnerRemains(isLastOwner: boolean, roleAfter: Role | null): void {
  if (!isLastOwner || roleAfter === "owner") return;
  throw new AppError("conflict", "The last owner stays: make somebody else an owner first.");
}
