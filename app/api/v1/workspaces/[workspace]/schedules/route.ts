import { route } from "#lib/http/route.ts";
import { createSchedule } from "#lib/services/schedule/create-schedule.ts";
import { listSchedules } from "#lib/services/schedule/list-schedules.ts";

export const GET = route(listSchedules);
export const POST = route(createSchedule);
