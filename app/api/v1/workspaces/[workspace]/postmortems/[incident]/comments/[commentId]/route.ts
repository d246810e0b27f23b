import { route } from "#lib/http/route.ts";
import { resolveComment } from "#lib/services/postmortem/resolve-comment.ts";

export const PATCH = route(resolveComment);
