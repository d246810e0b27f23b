import { route } from "#lib/http/route.ts";
import { deleteMonitor } from "#lib/services/monitor/delete-monitor.ts";
import { getMonitor } from "#lib/services/monitor/get-monitor.ts";
import { updateMonitor } from "#lib/services/monitor/update-monitor.ts";

export const GET = route(getMonitor);
export const PATCH = route(updateMonitor);
export const DELETE = route(deleteMonitor);
