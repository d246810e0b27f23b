import type { MonitorSeries } from "#lib/domain/monitor.ts";
import type { SilenceLabel, SilenceMatcher, SilenceRecurrence } from "#lib/domain/silence.ts";
import { silenceLabels, silenceLimits } from "#lib/domain/silence.ts";
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

/** What a link to the silences says of an alert: its monitor, and the line of values that fires. */
export function writeSilenceQuery({
  model,
  monitorId,
  series,
}: {
  model: string | null;
  monitorId: string;
  series: MonitorSeries;
}): string {
  const { environment, subject, column, segmentKey, segmentValue } = series;
  const labels: Partial<Record<SilenceLabel, string | null>> = {
    model,
    environment,
    monitor: monitorId,
    feature: subject === "feature" ? column : null,
    segment: segmentKey === "" ? null : `${segmentKey}=${segmentValue}`,
  };
  const query = new URLSearchParams();
  for (const [label, value] of Object.entries(labels))
    if (value !== null && value !== undefined && value !== "" && isWritable(value))
      query.set(label, value);
  return query.toString();
}

/** In a line of values a comma parts two of them: one that has a comma itself can't be written there. */
const isWritable = (value: string) =>
  !value.includes(",") && value.length <= silenceLimits.valueLengthMax && value === value.trim();

/** The matchers that such a link says; what it says otherwise is left out. */
export function readSilenceQuery(text: string): Omit<MatcherDraft, "id">[] {
  const query = new URLSearchParams(text);
  return silenceLabels.flatMap((label) => {
    const value = query.get(label);
    if (value === null || value === "" || !isWritable(value)) return [];
    return [{ label, comparison: "is" as const, values: value }];
  });
}
