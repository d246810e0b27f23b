import type { ScheduleDetail } from "#lib/api/schedule.ts";
import { dayMs, instantOf, startOfDay, wallOf } from "#lib/rules/wall-clock.ts";
import { formatClock, formatDay } from "./format-time.ts";
import { seriesColorCount } from "./time-series-model.ts";

export interface ShiftDay {
  id: string;
  /** "Tue 14 Nov" in the schedule's zone. */
  label: string;
  /** Of the first day, how much of it is over. */
  leadPercent: number;
  parts: {
    id: string;
    name: string;
    title: string;
    /** Of the day, however long it is. */
    percent: number;
    color: number;
    isOverride: boolean;
  }[];
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** The shifts of a schedule cut at the midnights of its own zone, a row per day; everybody keeps a colour. */
export function prepareShiftRows({
  shifts,
  from,
  until,
  timeZone,
  people,
}: Pick<ScheduleDetail, "shifts" | "from" | "until" | "timeZone" | "people">): ShiftDay[] {
  const colorOf = new Map(
    people.map(({ userId }, index) => [userId, (index % seriesColorCount) + 1]),
  );
  const fromMs = Date.parse(from);
  const untilMs = Date.parse(until);
  const days: ShiftDay[] = [];
  for (
    let wall = startOfDay(wallOf(timeZone, fromMs));
    instantOf(timeZone, wall) < untilMs;
    wall += dayMs
  ) {
    const startMs = instantOf(timeZone, wall);
    const endMs = instantOf(timeZone, wall + dayMs);
    const parts = shifts.flatMap((shift) => {
      const partFrom = Math.max(startMs, Date.parse(shift.from));
      const partUntil = Math.min(endMs, Date.parse(shift.until));
      if (partUntil <= partFrom) return [];
      const clock = (ms: number) => formatClock(ms, timeZone);
      return [
        {
          id: `${shift.userId} ${partFrom}`,
          name: shift.name,
          title: `${shift.name}, ${clock(partFrom)} to ${partUntil === endMs ? "24:00" : clock(partUntil)}${shift.layer === null ? ", standing in" : `, ${shift.layer}`}`,
          percent: ((partUntil - partFrom) / (endMs - startMs)) * 100,
          color: colorOf.get(shift.userId) ?? 1,
          isOverride: shift.layer === null,
        },
      ];
    });
    days.push({
      id: String(wall),
      leadPercent: (Math.max(0, fromMs - startMs) / (endMs - startMs)) * 100,
      label: `${weekdays[new Date(wall).getUTCDay()]} ${formatDay(startMs, timeZone)}`,
      parts,
    });
  }
  return days;
}
