import { route } from "#lib/http/route.ts";
import { sendStatusUpdate } from "#lib/services/incident/send-status-update.ts";

export const POST = route(sendStatusUpdate);
