import { route } from "#lib/http/route.ts";
import { previewExpectation } from "#lib/services/quality/preview-expectation.ts";

export const POST = route(previewExpectation);
