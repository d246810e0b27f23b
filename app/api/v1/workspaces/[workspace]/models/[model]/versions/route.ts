import { route } from "#lib/http/route.ts";
import { listVersions } from "#lib/services/version/list-versions.ts";

export const GET = route(listVersions);
