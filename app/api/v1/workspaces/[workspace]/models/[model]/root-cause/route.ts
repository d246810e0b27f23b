import { route } from "#lib/http/route.ts";
import { getRootCause } from "#lib/services/root-cause/get-root-cause.ts";

export const GET = route(getRootCause);
