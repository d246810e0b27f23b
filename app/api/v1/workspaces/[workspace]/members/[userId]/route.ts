import { route } from "#lib/http/route.ts";
import { removeMember } from "#lib/services/member/remove-member.ts";
import { updateMember } from "#lib/services/member/update-member.ts";

export const PATCH = route(updateMember);
export const DELETE = route(removeMember);
