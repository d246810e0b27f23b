import { route } from "#lib/http/route.ts";
import { testDestination } from "#lib/services/destination/test-destination.ts";

export const POST = route(testDestination);
