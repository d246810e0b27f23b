import { route } from "#lib/http/route.ts";
import { inviteMember } from "#lib/services/member/invite-member.ts";
import { listMembers } from "#lib/services/member/list-members.ts";

export const GET = route(listMembers);
export const POST = route(inviteMember);
