import { route } from "#lib/http/route.ts";
import { addComment } from "#lib/services/postmortem/add-comment.ts";

export const POST = route(addComment);
