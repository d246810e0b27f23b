import { route } from "#lib/http/route.ts";
import { listAlerts } from "#lib/services/alert/list-alerts.ts";

export const GET = route(listAlerts);
