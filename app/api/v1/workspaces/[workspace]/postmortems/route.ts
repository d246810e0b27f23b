import { route } from "#lib/http/route.ts";
import { createPostmortem } from "#lib/services/postmortem/create-postmortem.ts";
import { listPostmortems } from "#lib/services/postmortem/list-postmortems.ts";

export const GET = route(listPostmortems);
export const POST = route(createPostmortem);
