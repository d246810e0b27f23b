import type { WeeklyWindow } from "#lib/domain/weekly-window.ts";

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** "09:00". */
export function sayMinute(minute: number): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

/** "09:00" as the minute of its day; null where it is none. */
export function readMinute(clock: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(clock.trim());
  const hours = Number(match?.[1]);
  const minutes = Number(match?.[2]);
  const isClock = match !== null && minutes < 60 && (hours < 24 || (hours === 24 && minutes === 0));
  return isClock ? hours * 60 + minutes : null;
}

/** "Mon to Fri 09:00 to 17:00", "Sat, Sun 22:00 to 06:00". */
export function sayWindow({ weekdays, fromMinute, untilMinute }: WeeklyWindow): string {
  const sorted = weekdays.toSorted((a, b) => a - b);
  const first = sorted[0] ?? 1;
  const last = sorted.at(-1) ?? first;
  const isRun = sorted.length > 2 && last - first === sorted.length - 1;
  const nameOf = (weekday: number) => days[weekday - 1] ?? "";
  const named = isRun ? `${nameOf(first)} to ${nameOf(last)}` : sorted.map(nameOf).join(", ");
  const which = sorted.length === 7 ? "every day" : named;
  return `${which} ${sayMinute(fromMinute)} to ${sayMinute(untilMinute)}`;
}

export const sayRecurrence = ({
  windows,
  timeZone,
}: {
  windows: readonly WeeklyWindow[];
  timeZone: string;
}): string => `${windows.map(sayWindow).join("; ")}, ${timeZone}`;
