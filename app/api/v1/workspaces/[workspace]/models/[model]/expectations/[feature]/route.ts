import { route } from "#lib/http/route.ts";
import { getExpectation } from "#lib/services/quality/get-expectation.ts";
import { updateExpectation } from "#lib/services/quality/update-expectation.ts";

export const GET = route(getExpectation);
export const PATCH = route(updateExpectation);
