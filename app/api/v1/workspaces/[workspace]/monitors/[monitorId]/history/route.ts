import { route } from "#lib/http/route.ts";
import { getMonitorHistory } from "#lib/services/monitor/get-monitor-history.ts";

export const GET = route(getMonitorHistory);
