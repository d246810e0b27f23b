import type { SilenceMatcher, SilenceRecurrence } from "#lib/domain/silence.ts";
import { readMinute } from "./say-weekly.ts";

/** A matcher as it is typed: its values in one line, apart by commas. */
export interface MatcherDraft {
  id: string;
  label: SilenceMatcher["label"];
  comparison: SilenceMatcher["comparison"];
  values: string;
}

export const durationNames = [
  { value: "60", label: "For 1 h" },
  { value: "120", label: "For 2 h" },
  { value: "480", label: "For 8 h" },
  { value: "1440", label: "For 1 day" },
  { value: "10080", label: "For 7 days" },
  { value: "43200", label: "For 30 days, the longest" },
];

export const quietNames = [
  { value: "", label: "No" },
  { value: "30", label: "After 30 min" },
  { value: "120", label: "After 2 h" },
  { value: "1440", label: "After 1 day" },
];

export const readMatchers = (drafts: readonly MatcherDraft[]): SilenceMatcher[] =>
  drafts.flatMap(({ label, comparison, values }) => {
    const named = values
      .split(",")
      .map((value) => value.trim())
      .filter((value) => value !== "");
    return named.length === 0 ? [] : [{ label, comparison, values: named }];
  });

/** The hours of one weekly window; null where a clock is none. */
export function readRecurrence(
  { weekdays, from, until }: { weekdays: readonly number[]; from: string; until: string },
  timeZone: string,
): SilenceRecurrence | null {
  const fromMinute = readMinute(from);
  const untilMinute = readMinute(until);
  if (fromMinute === null || untilMinute === null || weekdays.length === 0) return null;
  if (fromMinute === 1_440) return null;
  return {
    timeZone,
    windows: [
      { weekdays: [...weekdays], fromMinute, untilMinute: untilMinute === 0 ? 1_440 : untilMinute },
    ],
  };
}
