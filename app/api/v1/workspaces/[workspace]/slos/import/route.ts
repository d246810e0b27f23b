import { route } from "#lib/http/route.ts";
import { importSlos } from "#lib/services/slo/import-slos.ts";

export const POST = route(importSlos);
