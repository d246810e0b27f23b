import { route } from "#lib/http/route.ts";
import { getModel } from "#lib/services/model/get-model.ts";
import { updateModel } from "#lib/services/model/update-model.ts";

export const GET = route(getModel);
export const PATCH = route(updateModel);
