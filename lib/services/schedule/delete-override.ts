import { z } from "zod";
import { deleteOverrideRow } from "#db/postgres/queries/schedule.ts";
import { deleteOverrideInput } from "#lib/api/schedule.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getScheduleRow } from "./get-schedule-row.ts";

export const deleteOverride = defineService({
  name: "deleteOverride",
  role: "editor",
  input: deleteOverrideInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { scheduleId, overrideId }) {
    await getScheduleRow(ctx, scheduleId);
    const before = await deleteOverrideRow(ctx, scheduleId, overrideId);
    if (before === null) throw new AppError("not_found", "There is no such override.");
    ctx.audit({
      action: "schedule.end_override",
      targetKind: "schedule",
      targetId: scheduleId,
      before,
    });
    return undefined;
  },
});
