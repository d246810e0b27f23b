import { countSchedules, listScheduleRows } from "#db/postgres/queries/schedule.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ScheduleDefinition } from "#lib/domain/schedule.ts";
import { scheduleLimits } from "#lib/domain/schedule.ts";
import type { ServiceContext } from "../context.ts";
import { assertMembers } from "../member/assert-members.ts";
import { assertTimeZone } from "../workspace/assert-time-zone.ts";

/** Whether a schedule may be kept like this: a zone that there is, people who are members, a name of its own. */
export async function assertSchedule(
  ctx: ServiceContext,
  { name, definition, id }: { name: string; definition: ScheduleDefinition; id: string | null },
): Promise<void> {
  assertTimeZone(definition.timeZone);
  for (const [i, { participants }] of definition.layers.entries())
    await assertMembers(ctx, participants, `definition.layers.${i}.participants`);
  const others = await listScheduleRows(ctx);
  if (others.some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase()))
    throw new AppError("conflict", `There is a schedule "${name}" already.`);
  if (id === null && (await countSchedules(ctx)) >= scheduleLimits.schedulesMax) {
    const most = `This workspace has ${scheduleLimits.schedulesMax} schedules, which is the most.`;
    throw new AppError("limit_exceeded", most);
  }
}
