import { z } from "zod";
import { deleteScheduleRow } from "#db/postgres/queries/schedule.ts";
import { scheduleInput } from "#lib/api/schedule.ts";
import { defineService } from "../define-service.ts";
import { assertNotTargeted } from "../escalation/assert-not-targeted.ts";
import { getScheduleRow } from "./get-schedule-row.ts";

export const deleteSchedule = defineService({
  name: "deleteSchedule",
  role: "editor",
  input: scheduleInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { scheduleId }) {
    const { name, definition } = await getScheduleRow(ctx, scheduleId);
    await assertNotTargeted(ctx, { kind: "schedule", id: scheduleId });
    await deleteScheduleRow(ctx, scheduleId);
    ctx.audit({
      action: "schedule.delete",
      targetKind: "schedule",
      targetId: scheduleId,
      before: { name, definition },
    });
    return undefined;
  },
});
