import { route } from "#lib/http/route.ts";
import { createMonitor } from "#lib/services/monitor/create-monitor.ts";
import { listMonitors } from "#lib/services/monitor/list-monitors.ts";

export const GET = route(listMonitors);
export const POST = route(createMonitor);
