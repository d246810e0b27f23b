import { route } from "#lib/http/route.ts";
import { importEntries } from "#lib/services/postmortem/import-entries.ts";

export const POST = route(importEntries);
