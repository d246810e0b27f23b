import { and, count, eq, gt, inArray } from "drizzle-orm";
import type { ScheduleDefinition } from "#lib/domain/schedule.ts";
import { scheduleLimits } from "#lib/domain/schedule.ts";
import { scheduleOverrides, schedules } from "../schema/people.ts";
import type { PostgresScope } from "../scope.ts";

export type ScheduleRow = typeof schedules.$inferSelect;

export function listScheduleRows(scope: PostgresScope): Promise<ScheduleRow[]> {
  return scope.pg
    .select()
    .from(schedules)
    .where(eq(schedules.workspaceId, scope.workspaceId))
    .orderBy(schedules.name)
    .limit(scheduleLimits.schedulesMax);
}

export async function countSchedules(scope: PostgresScope): Promise<number> {
  const rows = await scope.pg
    .select({ scheduleCount: count() })
    .from(schedules)
    .where(eq(schedules.workspaceId, scope.workspaceId));
  return rows[0]?.scheduleCount ?? 0;
}

export async function findScheduleRow(
  scope: PostgresScope,
  scheduleId: string,
): Promise<ScheduleRow | null> {
  const rows = await scope.pg
    .select()
    .from(schedules)
    .where(and(eq(schedules.workspaceId, scope.workspaceId), eq(schedules.id, scheduleId)))
    .limit(1);
  return rows[0] ?? null;
}

/** Those of some schedules that end after a moment, in the order in which they were made. */
export function listOverrideRows(
  scope: PostgresScope,
  scheduleIds: readonly string[],
  endsAfter: Date,
) {
  return scope.pg
    .select()
    .from(scheduleOverrides)
    .where(
      and(
        eq(scheduleOverrides.workspaceId, scope.workspaceId),
        inArray(scheduleOverrides.scheduleId, [...scheduleIds]),
        gt(scheduleOverrides.untilTime, endsAfter),
      ),
    )
    .orderBy(scheduleOverrides.createdAt, scheduleOverrides.id)
    .limit(scheduleLimits.overridesMax * Math.max(1, scheduleIds.length));
}

export async function insertSchedule(
  scope: PostgresScope,
  schedule: { id: string; name: string; definition: ScheduleDefinition; now: Date },
): Promise<void> {
  const { now, ...values } = schedule;
  await scope.pg
    .insert(schedules)
    .values({ ...values, workspaceId: scope.workspaceId, createdAt: now, updatedAt: now });
}

export async function updateScheduleRow(
  scope: PostgresScope,
  schedule: {
    id: string;
    name: string;
    definition: ScheduleDefinition;
    revision: number;
    now: Date;
  },
): Promise<void> {
  const { id, name, definition, revision, now } = schedule;
  await scope.pg
    .update(schedules)
    .set({ name, definition, revision, updatedAt: now })
    .where(and(eq(schedules.workspaceId, scope.workspaceId), eq(schedules.id, id)));
}

export async function deleteScheduleRow(scope: PostgresScope, scheduleId: string): Promise<void> {
  await scope.pg
    .delete(schedules)
    .where(and(eq(schedules.workspaceId, scope.workspaceId), eq(schedules.id, scheduleId)));
}

export async function insertOverride(
  scope: PostgresScope,
  override: Omit<typeof scheduleOverrides.$inferInsert, "workspaceId">,
): Promise<void> {
  await scope.pg.insert(scheduleOverrides).values({ ...override, workspaceId: scope.workspaceId });
}

/** What was taken away; null when there was none. */
export async function deleteOverrideRow(
  scope: PostgresScope,
  scheduleId: string,
  overrideId: string,
) {
  const rows = await scope.pg
    .delete(scheduleOverrides)
    .where(
      and(
        eq(scheduleOverrides.workspaceId, scope.workspaceId),
        eq(scheduleOverrides.scheduleId, scheduleId),
        eq(scheduleOverrides.id, overrideId),
      ),
    )
    .returning();
  return rows[0] ?? null;
}
