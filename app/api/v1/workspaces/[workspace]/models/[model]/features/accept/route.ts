import { route } from "#lib/http/route.ts";
import { acceptFeatures } from "#lib/services/model/accept-features.ts";

export const POST = route(acceptFeatures);
