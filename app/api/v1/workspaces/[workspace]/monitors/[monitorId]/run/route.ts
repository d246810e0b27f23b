import { route } from "#lib/http/route.ts";
import { runMonitor } from "#lib/services/monitor/run-monitor.ts";

export const POST = route(runMonitor);
