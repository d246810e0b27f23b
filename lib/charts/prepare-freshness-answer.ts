import type { Freshness } from "#lib/api/freshness.ts";
import type { Volume } from "#lib/api/volume.ts";
import { formatChange, formatCount, formatDuration } from "./format-number.ts";
import { formatRelative } from "./format-time.ts";
import { nameModelSegment } from "./name-segment.ts";
import { sayUnusualVolume } from "./prepare-usual-volume.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** Are rows still coming, as many as before, and how old are they when they come? */
export function prepareFreshnessAnswer(
  freshness: Freshness,
  volume: Volume,
  text: { range: string; before: string; nowMs: number; zone: string },
): Answer {
  const model = nameModelSegment(freshness);
  if (freshness.lastEventAt === null)
    return {
      health: "unknown",
      headline: sentence`${model} has sent no rows in ${freshness.environment}.`,
      detail: sentence`Take another environment, or send the first row.`,
    };
  const age = formatRelative(Date.parse(freshness.lastEventAt), text.nowMs);
  const count = volume.rowCount;
  const refused = sayRefused(volume.rejectedCount);
  const rows = sentence`${figure(`${formatCount(count)} ${plural(count, "row")}`)} ${text.range}, ${formatChange(count, volume.previousRowCount)} against ${text.before}${refused}${sayLabels(volume.labelCount)}.`;
  const lag = freshness.eventLagMs;
  if (lag === null)
    return {
      health: "unknown",
      headline: sentence`The newest row of ${model} was made ${figure(age)}; none came ${text.range}.`,
      detail: rows,
    };
  const unusual = sayUnusualVolume(volume, text.zone);
  const promise = promiseOf(freshness);
  if (unusual !== null || promise === "missed")
    return {
      health: "watch",
      headline:
        unusual === null
          ? sentence`${model} misses its promise of freshness ${text.range}; its newest row was made ${figure(age)}.`
          : sentence`${model}: ${figure(unusual)}.`,
      detail: sentence`The newest row was made ${figure(age)}, half arrive within ${figure(formatDuration(lag.p50))}. ${rows}`,
    };
  return {
    health: promise === "met" ? "healthy" : null,
    headline: sentence`The newest row of ${model} was made ${figure(age)}; half arrive within ${figure(formatDuration(lag.p50))} of being made, 99 % within ${figure(formatDuration(lag.p99))}.`,
    detail: rows,
  };
}

/** Null: not known of one segment, and not said. */
function sayRefused(count: number | null): string {
  if (count === null) return "";
  return count === 0
    ? "; none refused"
    : `; at least ${formatCount(count)} ${plural(count, "was", "were")} refused`;
}

const sayLabels = (count: number | null): Sentence =>
  count === null ? [] : sentence`; ${figure(formatCount(count))} ${plural(count, "label")}`;

/** What the rows say of the promise and what the slices say, as one word; null without a promise. */
function promiseOf({ attainment }: Freshness): "met" | "missed" | "cannot_say" | null {
  if (attainment === null) return null;
  const words = [attainment.rows, attainment.slices];
  if (words.includes("missed")) return "missed";
  return words.every((word) => word === "met") ? "met" : "cannot_say";
}
