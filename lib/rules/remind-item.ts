import { dayMs, instantOf, startOfDay, wallOf } from "./wall-clock.ts";

/** By the wall clock of the workspace: when people begin to work. */
const reminderHourMs = 9 * 3_600_000;
const daysAhead = 3;
const daysBetween = 7;

/** When an item that is not done is reminded of next, after a moment: three days before its day, on it, then every week for as long as
 *  it is open, whatever becomes of its incident. Null: it has no day. */
export function nextReminder(
  dueOn: string | null,
  { zone, after }: { zone: string; after: Date },
): Date | null {
  if (dueOn === null) return null;
  const dueMs = Date.parse(`${dueOn}T00:00:00Z`);
  const at = (days: number) => instantOf(zone, dueMs + days * dayMs + reminderHourMs);
  const afterMs = after.getTime();
  for (const days of [-daysAhead, 0]) if (at(days) > afterMs) return new Date(at(days));
  const weeks = Math.max(1, Math.floor((wallOf(zone, afterMs) - dueMs) / (daysBetween * dayMs)));
  for (let week = weeks; ; week += 1)
    if (at(week * daysBetween) > afterMs) return new Date(at(week * daysBetween));
}

/** Its day is over where the workspace is. */
export function isOverdue(dueOn: string | null, zone: string, now: Date): boolean {
  return (
    dueOn !== null && startOfDay(wallOf(zone, now.getTime())) > Date.parse(`${dueOn}T00:00:00Z`)
  );
}

/** "due in 3 days", "due today", "5 days overdue". */
export function sayDue(dueOn: string, zone: string, now: Date): string {
  const days = Math.round(
    (Date.parse(`${dueOn}T00:00:00Z`) - startOfDay(wallOf(zone, now.getTime()))) / dayMs,
  );
  if (days === 0) return "due today";
  const count = Math.abs(days);
  const words = `${count} ${count === 1 ? "day" : "days"}`;
  return days > 0 ? `due in ${words}` : `${words} overdue`;
}
