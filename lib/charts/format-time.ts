import { formatDuration } from "./format-number.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times using one, and a heat map asks for thousands. */
function formatIn(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone, hourCycle: "h23" });
  formats.set(key, made);
  return made;
}

export interface TimeParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** The wall clock of a zone at an instant. */
export function partsIn(zone: string, timeMs: number): TimeParts {
  const parts = formatIn(zone, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(timeMs);
  const read = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    year: read("year"),
    month: read("month"),
    day: read("day"),
    hour: read("hour"),
    minute: read("minute"),
    second: read("second"),
  };
}

/** "CET", "GMT-5", "UTC". */
export function zoneName(zone: string, timeMs: number): string {
  const parts = formatIn(zone, { timeZoneName: "short" }).formatToParts(timeMs);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

export const formatClock = (timeMs: number, zone: string): string =>
  formatIn(zone, { hour: "2-digit", minute: "2-digit" }).format(timeMs);

export const formatClockSeconds = (timeMs: number, zone: string): string =>
  formatIn(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(timeMs);

/** "14 Nov". */
export const formatDay = (timeMs: number, zone: string): string =>
  formatIn(zone, { day: "numeric", month: "short" }).format(timeMs);

/** "Tue 14 Nov 14:05 CET": evidence is absolute, with its zone. */
export function formatInstant(timeMs: number, zone: string): string {
  return `${formatInstantShort(timeMs, zone)} ${zoneName(zone, timeMs)}`;
}

/** "Tue 14 Nov 14:05". */
function formatInstantShort(timeMs: number, zone: string): string {
  const day = formatIn(zone, { weekday: "short", day: "numeric", month: "short" }).format(timeMs);
  return `${day.replace(",", "")} ${formatClock(timeMs, zone)}`;
}

/** What stands on hover: ISO 8601 in UTC, to the second. */
export const formatUtc = (timeMs: number): string =>
  `${new Date(timeMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** "4 min ago", "in 2 h"; a clock that is a few seconds off says "just now". */
export function formatRelative(timeMs: number, nowMs: number): string {
  const ms = nowMs - timeMs;
  if (Math.abs(ms) < 5_000) return "just now";
  const words = formatDuration(Math.round(Math.abs(ms) / 1_000) * 1_000).replace(/ .*$/, "");
  return ms > 0 ? `${words} ago` : `in ${words}`;
}

/** "Tue 14 Nov 14:00 to 15:00 CET"; the day is said twice only when it changes. */
export function formatSpan(fromMs: number, untilMs: number, zone: string): string {
  const zoned = zoneName(zone, fromMs);
  const from = partsIn(zone, fromMs);
  const until = partsIn(zone, untilMs);
  const isSameDay =
    from.year === until.year && from.month === until.month && from.day === until.day;
  const end = isSameDay ? formatClock(untilMs, zone) : formatInstantShort(untilMs, zone);
  return `${formatInstantShort(fromMs, zone)} to ${end} ${zoned}`;
}
