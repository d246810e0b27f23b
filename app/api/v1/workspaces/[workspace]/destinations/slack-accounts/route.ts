import { route } from "#lib/http/route.ts";
import { linkSlackAccount } from "#lib/services/destination/link-slack-account.ts";

export const POST = route(linkSlackAccount);
