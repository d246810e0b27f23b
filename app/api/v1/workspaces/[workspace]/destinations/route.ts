import { route } from "#lib/http/route.ts";
import { createDestination } from "#lib/services/destination/create-destination.ts";
import { listDestinations } from "#lib/services/destination/list-destinations.ts";

export const GET = route(listDestinations);
export const POST = route(createDestination);
