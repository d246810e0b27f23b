import { route } from "#lib/http/route.ts";
import { getPostmortemStatus } from "#lib/services/postmortem/get-postmortem-status.ts";

export const GET = route(getPostmortemStatus);
