import { route } from "#lib/http/route.ts";
import { deleteSchedule } from "#lib/services/schedule/delete-schedule.ts";
import { getSchedule } from "#lib/services/schedule/get-schedule.ts";
import { updateSchedule } from "#lib/services/schedule/update-schedule.ts";

export const GET = route(getSchedule);
export const PATCH = route(updateSchedule);
export const DELETE = route(deleteSchedule);
