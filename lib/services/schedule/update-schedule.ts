import { updateScheduleRow } from "#db/postgres/queries/schedule.ts";
import { scheduleIdOutput, updateScheduleInput } from "#lib/api/schedule.ts";
import { assertRevision } from "../assert-revision.ts";
import { defineService } from "../define-service.ts";
import { assertSchedule } from "./assert-schedule.ts";
import { getScheduleRow } from "./get-schedule-row.ts";

export const updateSchedule = defineService({
  name: "updateSchedule",
  role: "editor",
  input: updateScheduleInput,
  output: scheduleIdOutput,
  writes: true,
  async run(ctx, { scheduleId, name, definition, revision }) {
    const before = await getScheduleRow(ctx, scheduleId);
    assertRevision("This schedule", before.revision, revision);
    await assertSchedule(ctx, { name, definition, id: scheduleId });
    const next = { name, definition, revision: revision + 1 };
    await updateScheduleRow(ctx, { id: scheduleId, ...next, now: ctx.now });
    ctx.audit({
      action: "schedule.update",
      targetKind: "schedule",
      targetId: scheduleId,
      before: { name: before.name, definition: before.definition },
      after: { name, definition },
    });
    return { id: scheduleId };
  },
});
