import { route } from "#lib/http/route.ts";
import { createTeam } from "#lib/services/team/create-team.ts";
import { listTeams } from "#lib/services/team/list-teams.ts";

export const GET = route(listTeams);
export const POST = route(createTeam);
