import { route } from "#lib/http/route.ts";
import { getQuality } from "#lib/services/quality/get-quality.ts";

export const GET = route(getQuality);
