import { route } from "#lib/http/route.ts";
import { rotateActionSecret } from "#lib/services/action/rotate-action-secret.ts";

export const POST = route(rotateActionSecret);
