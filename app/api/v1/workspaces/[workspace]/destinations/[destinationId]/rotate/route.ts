import { route } from "#lib/http/route.ts";
import { rotateDestinationSecret } from "#lib/services/destination/rotate-destination-secret.ts";

export const POST = route(rotateDestinationSecret);
