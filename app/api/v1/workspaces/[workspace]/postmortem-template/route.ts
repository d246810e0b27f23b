import { route } from "#lib/http/route.ts";
import { getTemplate } from "#lib/services/postmortem/get-template.ts";
import { updateTemplate } from "#lib/services/postmortem/update-template.ts";

export const GET = route(getTemplate);
export const PATCH = route(updateTemplate);
