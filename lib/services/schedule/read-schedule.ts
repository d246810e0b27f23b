import type { ScheduleRow } from "#db/postgres/queries/schedule.ts";
import { listOverrideRows } from "#db/postgres/queries/schedule.ts";
import { nameUsers } from "#db/postgres/queries/team.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { ScheduleSummary, ShiftRow } from "#lib/api/schedule.ts";
import type { Schedule } from "#lib/domain/schedule.ts";
import type { Shift } from "#lib/rules/on-call.ts";
import { shiftsBetween } from "#lib/rules/on-call.ts";
import { dayMs } from "#lib/rules/wall-clock.ts";

export type People = ReadonlyMap<string, { name: string; isMember: boolean }>;
type OverrideRow = Awaited<ReturnType<typeof listOverrideRows>>[number];

export interface ReadSchedule {
  row: ScheduleRow;
  overrides: readonly OverrideRow[];
  /** What the rules ask: the definition with its overrides. */
  schedule: Schedule;
}

/** Schedules with those of their overrides that count from a moment on. */
export async function readSchedules(
  scope: PostgresScope,
  rows: readonly ScheduleRow[],
  from: Date,
): Promise<{ schedules: ReadSchedule[]; people: People }> {
  const ids = rows.map(({ id }) => id);
  const found = ids.length === 0 ? [] : await listOverrideRows(scope, ids, from);
  const bySchedule = Map.groupBy(found, ({ scheduleId }) => scheduleId);
  const schedules = rows.map((row) => {
    const overrides = bySchedule.get(row.id) ?? [];
    return { row, overrides, schedule: { ...row.definition, overrides } };
  });
  const people = await nameUsers(scope, [
    ...rows.flatMap(({ definition }) => definition.layers.flatMap((one) => one.participants)),
    ...found.map(({ userId }) => userId),
  ]);
  return { schedules, people };
}

export function toPerson(people: People, userId: string) {
  const known = people.get(userId);
  return { userId, name: known?.name ?? "somebody unknown", isMember: known?.isMember ?? false };
}

export function toShift(people: People, { userId, layer, fromTime, untilTime }: Shift): ShiftRow {
  return {
    ...toPerson(people, userId),
    layer,
    from: fromTime.toISOString(),
    until: untilTime.toISOString(),
  };
}

/** How far ahead the next hand-over is looked for. */
const lookAheadDays = 14;

export function toSummary(
  { row, schedule }: ReadSchedule,
  people: People,
  now: Date,
): ScheduleSummary {
  const until = new Date(now.getTime() + lookAheadDays * dayMs);
  const [current, ...later] = shiftsBetween(schedule, now, until);
  if (current === undefined) throw new Error("Two weeks have at least one shift.");
  const next = later.find(({ userId }) => userId !== current.userId);
  return {
    id: row.id,
    name: row.name,
    timeZone: row.definition.timeZone,
    revision: row.revision,
    onCall: toShift(people, current),
    next: next === undefined ? null : toShift(people, next),
  };
}
