import { route } from "#lib/http/route.ts";
import { getVolume } from "#lib/services/volume/get-volume.ts";

export const GET = route(getVolume);
