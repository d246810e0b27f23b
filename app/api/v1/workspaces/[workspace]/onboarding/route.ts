import { route } from "#lib/http/route.ts";
import { getOnboarding } from "#lib/services/onboarding/get-onboarding.ts";

export const GET = route(getOnboarding);
