import { route } from "#lib/http/route.ts";
import { getJoint } from "#lib/services/joint/get-joint.ts";

export const GET = route(getJoint);
