import { z } from "zod";
import { listScheduleRows } from "#db/postgres/queries/schedule.ts";
import { scheduleListOutput } from "#lib/api/schedule.ts";
import { defineService } from "../define-service.ts";
import { readSchedules, toSummary } from "./read-schedule.ts";

export const listSchedules = defineService({
  name: "listSchedules",
  role: "viewer",
  input: z.object({}),
  output: scheduleListOutput,
  writes: false,
  async run(ctx) {
    const rows = await listScheduleRows(ctx);
    const { schedules, people } = await readSchedules(ctx, rows, ctx.now);
    return { schedules: schedules.map((one) => toSummary(one, people, ctx.now)) };
  },
});
