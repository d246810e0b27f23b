import { randomUUID } from "node:crypto";
import { insertOverride, listOverrideRows } from "#db/postgres/queries/schedule.ts";
import { createOverrideInput, scheduleIdOutput } from "#lib/api/schedule.ts";
import { AppError } from "#lib/domain/errors.ts";
import { scheduleLimits } from "#lib/domain/schedule.ts";
import { dayMs } from "#lib/rules/wall-clock.ts";
import { defineService } from "../define-service.ts";
import { assertMembers } from "../member/assert-members.ts";
import { nameActor } from "../member/name-actor.ts";
import { getScheduleRow } from "./get-schedule-row.ts";

/** Somebody stands in for whoever is on call, from now on at the earliest. */
export const createOverride = defineService({
  name: "createOverride",
  role: "editor",
  input: createOverrideInput,
  output: scheduleIdOutput,
  writes: true,
  async run(ctx, { scheduleId, userId, from, until, reason }) {
    await getScheduleRow(ctx, scheduleId);
    await assertMembers(ctx, [userId], "userId");
    const fromTime = new Date(from);
    const untilTime = new Date(until);
    const refuse = (message: string) => {
      throw new AppError("invalid_request", `until ${message}.`, {
        details: [{ path: "until", message }],
      });
    };
    if (untilTime <= fromTime) refuse("must be after from");
    if (untilTime <= ctx.now) refuse("must lie in the future");
    if (untilTime.getTime() - fromTime.getTime() > scheduleLimits.overrideDaysMax * dayMs)
      refuse(`must be at most ${scheduleLimits.overrideDaysMax} days after from`);
    const open = await listOverrideRows(ctx, [scheduleId], ctx.now);
    if (open.length >= scheduleLimits.overridesMax) {
      const most = `This schedule has ${scheduleLimits.overridesMax} overrides, which is the most.`;
      throw new AppError("limit_exceeded", most);
    }
    const id = randomUUID();
    const createdBy = await nameActor(ctx.call);
    const override = { id, scheduleId, userId, fromTime, untilTime, reason, createdBy };
    await insertOverride(ctx, { ...override, createdAt: ctx.now });
    ctx.audit({
      action: "schedule.override",
      targetKind: "schedule",
      targetId: scheduleId,
      after: override,
    });
    return { id };
  },
});
