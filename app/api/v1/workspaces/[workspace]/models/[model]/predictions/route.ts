import { route } from "#lib/http/route.ts";
import { listPredictions } from "#lib/services/prediction/list-predictions.ts";

export const GET = route(listPredictions);
