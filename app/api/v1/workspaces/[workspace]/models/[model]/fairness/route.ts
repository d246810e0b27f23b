import { route } from "#lib/http/route.ts";
import { getFairness } from "#lib/services/fairness/get-fairness.ts";

export const GET = route(getFairness);
