import type { Baseline } from "#lib/api/baseline.ts";
import { formatCount } from "./format-number.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** What is this model compared with? */
export function prepareBaselineAnswer(model: string, baselines: readonly Baseline[]): Answer {
  const active = baselines.filter(({ isActive }) => isActive);
  const running = baselines.filter(({ state }) => state === "uploading" || state === "profiling");
  const waiting =
    running.length === 0
      ? sentence``
      : sentence` ${figure(String(running.length))} more ${plural(running.length, "is", "are")} being profiled.`;
  const first = active[0];
  if (first === undefined)
    return {
      health: "unknown",
      headline: sentence`${name(model)} has no active baseline, so drift can only be measured against the time before.`,
      detail: sentence`Upload the rows that it was trained on: Parquet, CSV or NDJSON.${waiting}`,
    };
  const others = active.length === 1 ? "" : `, and ${active.length - 1} more by version`;
  return {
    health: null,
    headline: sentence`${name(model)} is compared with ${name(first.name)} of version ${name(first.version)}, ${figure(`${formatCount(first.rowCount)} rows`)}${others}.`,
    detail: sentence`A baseline never changes; a new upload is a new one.${waiting}`,
  };
}
