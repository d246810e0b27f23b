import { route } from "#lib/http/route.ts";
import { exportPostmortem } from "#lib/services/postmortem/export-postmortem.ts";

export const GET = route(exportPostmortem);
