import { route } from "#lib/http/route.ts";
import { listModels } from "#lib/services/model/list-models.ts";

export const GET = route(listModels);
