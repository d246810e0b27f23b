import { route } from "#lib/http/route.ts";
import { activateBaseline } from "#lib/services/baseline/activate-baseline.ts";

export const POST = route(activateBaseline);
