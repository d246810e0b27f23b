import { route } from "#lib/http/route.ts";
import { deleteTeam } from "#lib/services/team/delete-team.ts";
import { updateTeam } from "#lib/services/team/update-team.ts";

export const PATCH = route(updateTeam);
export const DELETE = route(deleteTeam);
