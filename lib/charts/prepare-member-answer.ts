import type { MemberList } from "#lib/api/member.ts";
import type { Answer } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** Who can see and change what is here? */
export function prepareMemberAnswer(list: MemberList): Answer {
  const count = list.members.length;
  const owners = list.members.filter(({ role }) => role === "owner").length;
  const open = list.invitations.length;
  return {
    health: null,
    headline: sentence`${figure(`${count} ${plural(count, "person", "people")}`)} ${plural(count, "is a member", "are members")}, ${figure(String(owners))} of them ${plural(owners, "an owner", "owners")}${open === 0 ? "" : `; ${open} ${plural(open, "invitation is", "invitations are")} open`}.`,
    detail: sentence`Viewers look, editors also upload and confirm, admins also manage keys and members, owners can do everything.`,
  };
}
