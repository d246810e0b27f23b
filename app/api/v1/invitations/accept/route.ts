import { accountRoute } from "#lib/http/account-route.ts";
import { acceptInvitation } from "#lib/services/member/accept-invitation.ts";

export const POST = accountRoute(acceptInvitation);
