import { getScheduleInput, scheduleOutput } from "#lib/api/schedule.ts";
import { shiftsBetween } from "#lib/rules/on-call.ts";
import { dayMs } from "#lib/rules/wall-clock.ts";
import { defineService } from "../define-service.ts";
import { getScheduleRow } from "./get-schedule-row.ts";
import { readSchedules, toPerson, toShift, toSummary } from "./read-schedule.ts";

export const getSchedule = defineService({
  name: "getSchedule",
  role: "viewer",
  input: getScheduleInput,
  output: scheduleOutput,
  writes: false,
  async run(ctx, { scheduleId, days }) {
    const row = await getScheduleRow(ctx, scheduleId);
    const { schedules, people } = await readSchedules(ctx, [row], ctx.now);
    const [found] = schedules;
    if (found === undefined) throw new Error("One schedule became none.");
    const until = new Date(ctx.now.getTime() + days * dayMs);
    return {
      ...toSummary(found, people, ctx.now),
      definition: row.definition,
      from: ctx.now.toISOString(),
      until: until.toISOString(),
      shifts: shiftsBetween(found.schedule, ctx.now, until).map((shift) => toShift(people, shift)),
      overrides: found.overrides.map((one) => ({
        ...toPerson(people, one.userId),
        id: one.id,
        from: one.fromTime.toISOString(),
        until: one.untilTime.toISOString(),
        reason: one.reason,
        createdBy: one.createdBy,
      })),
      people: [...people.keys()].map((userId) => toPerson(people, userId)),
    };
  },
});
