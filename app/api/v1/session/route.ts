import { accountRoute } from "#lib/http/account-route.ts";
import { getSession } from "#lib/services/session/get-session.ts";

export const GET = accountRoute(getSession);
