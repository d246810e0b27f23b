import { route } from "#lib/http/route.ts";
import { listExpectations } from "#lib/services/quality/list-expectations.ts";

export const GET = route(listExpectations);
