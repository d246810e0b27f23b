import { route } from "#lib/http/route.ts";
import { createReaction } from "#lib/services/reaction/create-reaction.ts";
import { listReactions } from "#lib/services/reaction/list-reactions.ts";

export const GET = route(listReactions);
export const POST = route(createReaction);
