import { route } from "#lib/http/route.ts";
import { archiveRunbook } from "#lib/services/runbook/archive-runbook.ts";

export const POST = route(archiveRunbook);
