import { route } from "#lib/http/route.ts";
import { deleteDestination } from "#lib/services/destination/delete-destination.ts";
import { updateDestination } from "#lib/services/destination/update-destination.ts";

export const PATCH = route(updateDestination);
export const DELETE = route(deleteDestination);
