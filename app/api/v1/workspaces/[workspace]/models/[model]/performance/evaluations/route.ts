import { route } from "#lib/http/route.ts";
import { listPerformanceEvaluations } from "#lib/services/evaluation/list-performance-evaluations.ts";

export const GET = route(listPerformanceEvaluations);
