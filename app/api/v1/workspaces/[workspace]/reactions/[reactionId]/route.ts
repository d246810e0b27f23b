import { route } from "#lib/http/route.ts";
import { deleteReaction } from "#lib/services/reaction/delete-reaction.ts";
import { updateReaction } from "#lib/services/reaction/update-reaction.ts";

export const PATCH = route(updateReaction);
export const DELETE = route(deleteReaction);
