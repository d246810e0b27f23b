import { route } from "#lib/http/route.ts";
import { revokeInvitation } from "#lib/services/member/revoke-invitation.ts";

export const DELETE = route(revokeInvitation);
