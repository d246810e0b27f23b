import { randomUUID } from "node:crypto";
import { insertSchedule } from "#db/postgres/queries/schedule.ts";
import { createScheduleInput, scheduleIdOutput } from "#lib/api/schedule.ts";
import { defineService } from "../define-service.ts";
import { assertSchedule } from "./assert-schedule.ts";

export const createSchedule = defineService({
  name: "createSchedule",
  role: "editor",
  input: createScheduleInput,
  output: scheduleIdOutput,
  writes: true,
  async run(ctx, { name, definition }) {
    await assertSchedule(ctx, { name, definition, id: null });
    const id = randomUUID();
    await insertSchedule(ctx, { id, name, definition, now: ctx.now });
    ctx.audit({
      action: "schedule.create",
      targetKind: "schedule",
      targetId: id,
      after: { name, definition },
    });
    return { id };
  },
});
