import { route } from "#lib/http/route.ts";
import { curateEntry } from "#lib/services/postmortem/curate-entry.ts";

export const PATCH = route(curateEntry);
