import { route } from "#lib/http/route.ts";
import { actOnPostmortem } from "#lib/services/postmortem/act-on-postmortem.ts";

export const POST = route(actOnPostmortem);
