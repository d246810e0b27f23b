import { route } from "#lib/http/route.ts";
import { getSection } from "#lib/services/postmortem/get-section.ts";
import { updateSection } from "#lib/services/postmortem/update-section.ts";

export const GET = route(getSection);
export const PATCH = route(updateSection);
