import { route } from "#lib/http/route.ts";
import { addEntry } from "#lib/services/postmortem/add-entry.ts";

export const POST = route(addEntry);
