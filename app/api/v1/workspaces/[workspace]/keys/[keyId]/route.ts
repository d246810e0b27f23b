import { route } from "#lib/http/route.ts";
import { revokeKey } from "#lib/services/key/revoke-key.ts";

export const DELETE = route(revokeKey);
