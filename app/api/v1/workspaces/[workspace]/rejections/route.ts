import { route } from "#lib/http/route.ts";
import { listRejections } from "#lib/services/rejection/list-rejections.ts";

export const GET = route(listRejections);
