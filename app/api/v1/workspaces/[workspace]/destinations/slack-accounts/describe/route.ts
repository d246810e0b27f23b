import { route } from "#lib/http/route.ts";
import { describeSlackLink } from "#lib/services/destination/describe-slack-link.ts";

export const POST = route(describeSlackLink);
