/** A shift by a multiple of 15 minutes, up to a day, between two readings of the same time. See explain-pairs for the rule.
 *
 *  Numbers are epochs in seconds (10^8 to 10^11) or milliseconds (above), or, when all of them on both sides are whole and below
 *  24, hours of the day, which wrap. Texts are ISO 8601; one without a zone is read as UTC. */

import { densestStretch } from "#lib/stats/skew/densest-stretch.ts";
import type { Explained, Transformation, ValuePair } from "#lib/stats/skew/explain-pairs.ts";

const epochMin = 1e8;
const millisecondsMin = 1e11;
const stepMinutes = 15;
const minutesMax = 1440;
const isoTime =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/;

const minutesOf = (value: unknown): number => {
  if (typeof value === "number") {
    if (value >= millisecondsMin) return value / 60_000;
    return value >= epochMin ? value / 60 : Number.NaN;
  }
  if (typeof value !== "string" || !isoTime.test(value)) return Number.NaN;
  const text = value.replace(" ", "T");
  return Date.parse(text.includes("T") && !hasZone.test(text) ? `${text}Z` : text) / 60_000;
};

const isHour = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 24;

/** From -12 to 12 hours: an hour of the day does not say which day. */
const wrapped = (hours: number): number => ((hours + 36) % 24) - 12;

export const timeZoneOf = (pairs: readonly ValuePair[]): Explained<Transformation> | null => {
  const areHours = pairs.every(({ offline, served }) => isHour(offline) && isHour(served));
  const shifts = pairs.map(({ offline, served }) =>
    areHours
      ? 60 * wrapped(Number(served) - Number(offline))
      : minutesOf(served) - minutesOf(offline),
  );
  const minutes = densestStretch(shifts, () => 1e-6)?.middle;
  if (minutes === undefined) return null;
  const steps = Math.round(minutes / stepMinutes);
  const isZone =
    steps !== 0 &&
    Math.abs(minutes - steps * stepMinutes) < 1e-6 &&
    Math.abs(minutes) <= minutesMax;
  // Two hours that differ at all differ by whole ones: only more than one pair of them says anything.
  const distinct = new Set(pairs.map(({ offline }) => offline)).size;
  if (!isZone || distinct < 3) return null;
  return {
    transformation: { kind: "time_zone", minutes: steps * stepMinutes },
    explained: shifts.filter((shift) => Math.abs(shift - minutes) < 1e-6).length,
  };
};
