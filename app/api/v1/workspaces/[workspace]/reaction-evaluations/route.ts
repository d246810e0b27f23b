import { route } from "#lib/http/route.ts";
import { listReactionEvaluations } from "#lib/services/reaction/list-reaction-evaluations.ts";

export const GET = route(listReactionEvaluations);
