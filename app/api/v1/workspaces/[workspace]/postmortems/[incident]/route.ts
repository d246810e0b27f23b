import { route } from "#lib/http/route.ts";
import { getPostmortem } from "#lib/services/postmortem/get-postmortem.ts";
import { updatePostmortem } from "#lib/services/postmortem/update-postmortem.ts";

export const GET = route(getPostmortem);
export const PATCH = route(updatePostmortem);
