import { route } from "#lib/http/route.ts";
import { enableMonitor } from "#lib/services/monitor/enable-monitor.ts";

export const POST = route(enableMonitor);
