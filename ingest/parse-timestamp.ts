const pattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2})?$/;

/** toStartOfFiveMinutes wraps outside these; the store's DateTime ends in 2106. */
export const timestampMsMin = 0;
export const timestampMsMax = 4_294_967_295_000;
/** Below this an integer is almost surely in seconds: it would be a time before March 1973. */
const epochMsIntegerMin = 100_000_000_000;

export const timestampProblems = {
  type: "must be an ISO 8601 string with a time zone, or an integer of milliseconds since 1970",
  format: "is not an ISO 8601 time such as 2026-11-21T03:22:00.123Z",
  zone: "has no time zone; end it with Z or an offset such as +01:00",
  seconds: "looks like seconds; send milliseconds since 1970, or an ISO 8601 string",
  date: "names a day or an hour that does not exist",
} as const;
export type TimestampProblem = keyof typeof timestampProblems;

/** Milliseconds since 1970, cut to whole ones; may lie outside what the store holds. */
export function parseTimestamp(value: unknown): number | TimestampProblem {
  if (typeof value === "string") return parseText(value);
  if (typeof value !== "number") return "type";
  if (!Number.isInteger(value)) return "type";
  if (value >= 0 && value < epochMsIntegerMin) return "seconds";
  return value;
}

let cachedDay = "";
let cachedDayMs = 0;

/** Almost every row carries the form that clients print, YYYY-MM-DDTHH:MM:SS.mmmZ: read without the pattern. */
function parseText(text: string): number | TimestampProblem {
  if (text.length === 24 && text.charCodeAt(23) === 90 && text.charCodeAt(10) === 84) {
    const day = text.slice(0, 10);
    const hour = twoDigits(text, 11);
    const minute = twoDigits(text, 14);
    const second = twoDigits(text, 17);
    const tens = twoDigits(text, 20);
    const ones = text.charCodeAt(22) - 48;
    const hasMarks =
      text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58 && text.charCodeAt(19) === 46;
    const isTime =
      hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    if (day === cachedDay && hasMarks && isTime && tens >= 0 && ones >= 0 && ones < 10) {
      return cachedDayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + tens * 10 + ones;
    }
  }
  return parsePattern(text);
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : -1;
}

function parsePattern(text: string): number | TimestampProblem {
  if (text.length > 40) return "format";
  const match = pattern.exec(text);
  if (match === null) return "format";
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  if (zone === undefined) return "zone";
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return "date";
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return "date";
  const offset = offsetMinutes(zone);
  if (offset === null) return "date";
  cachedDay = text.slice(0, 10);
  cachedDayMs = date.getTime();
  const time = (Number(hour) * 60 + Number(minute) - offset) * 60_000 + Number(second ?? 0) * 1000;
  return cachedDayMs + time + Number((fraction ?? "").padEnd(3, "0").slice(0, 3));
}

function offsetMinutes(zone: string): number | null {
  if (zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  const total = hours * 60 + minutes;
  return zone.startsWith("-") ? -total : total;
}

let partitionFrom = 0;
let partitionUntil = 0;
let partitionName = 0;

/** toYYYYMM in UTC: the partition of the raw tables. */
export function partitionOf(timeMs: number): number {
  if (timeMs >= partitionFrom && timeMs < partitionUntil) return partitionName;
  const date = new Date(timeMs);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  partitionFrom = Date.UTC(year, month, 1);
  partitionUntil = Date.UTC(year, month + 1, 1);
  partitionName = year * 100 + month + 1;
  return partitionName;
}
