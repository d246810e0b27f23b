import { route } from "#lib/http/route.ts";
import { exportSlo } from "#lib/services/slo/export-slo.ts";

export const GET = route(exportSlo);
