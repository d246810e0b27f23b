import type { SloPeriod } from "#lib/domain/slo.ts";
import { dayMs, instantOf, startOfDay, wallOf, weekdayOf } from "./wall-clock.ts";

/** The stretch of time whose budget counts now. A calendar's begins at midnight of its zone, however long its days are. */
export function periodAt(period: SloPeriod, now: Date): { fromTime: Date; untilTime: Date } {
  const nowMs = now.getTime();
  if (period.kind === "rolling")
    return { fromTime: new Date(nowMs - period.days * dayMs), untilTime: now };
  const { unit, timeZone } = period;
  const today = startOfDay(wallOf(timeZone, nowMs));
  const [from, until] = calendarSpan(unit, today);
  return {
    fromTime: new Date(instantOf(timeZone, from)),
    untilTime: new Date(instantOf(timeZone, until)),
  };
}

function calendarSpan(unit: "week" | "month" | "quarter", today: number): [number, number] {
  const date = new Date(today);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (unit) {
    case "week": {
      const monday = today - (weekdayOf(today) - 1) * dayMs;
      return [monday, monday + 7 * dayMs];
    }
    case "month":
      return [Date.UTC(year, month), Date.UTC(year, month + 1)];
    case "quarter": {
      const first = month - (month % 3);
      return [Date.UTC(year, first), Date.UTC(year, first + 3)];
    }
  }
}

const nominalDays = { week: 7, month: 30, quarter: 91 } as const;

/** How long a period is for a pace: a factor that changed with every February would be another promise. */
export const periodLengthMs = (period: SloPeriod): number =>
  (period.kind === "rolling" ? period.days : nominalDays[period.unit]) * dayMs;
