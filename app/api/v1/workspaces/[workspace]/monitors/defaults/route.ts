import { route } from "#lib/http/route.ts";
import { watchModel } from "#lib/services/monitor/watch-model.ts";

export const POST = route(watchModel);
