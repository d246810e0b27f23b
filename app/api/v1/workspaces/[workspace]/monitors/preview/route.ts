import { route } from "#lib/http/route.ts";
import { previewMonitor } from "#lib/services/monitor/preview-monitor.ts";

export const POST = route(previewMonitor);
