import { route } from "#lib/http/route.ts";
import { createKey } from "#lib/services/key/create-key.ts";
import { listKeys } from "#lib/services/key/list-keys.ts";

export const GET = route(listKeys);
export const POST = route(createKey);
