import type { Postgres } from "#db/postgres/client.ts";
import type { EvaluationKey } from "#db/postgres/queries/evaluated-window.ts";
import { findNewestWindowEnd, openWindows } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { JobOutcome } from "../job/job-progress.ts";

const hourMs = grainMs["1h"];
const windowMs = grainMs["1d"];
/** Windows that a stop of the worker left out and that are made up for: two days of them. */
const missedMax = 48;

/** Makes the 24 hours that end with the running hour due, so that an hour's evaluations replace each other, and before them every
 *  window whose hour went by without an evaluation. */
export async function openRollingWindows(
  pg: Postgres,
  key: EvaluationKey,
  now: Date,
): Promise<void> {
  const newest = await findNewestWindowEnd(pg, key);
  await openWindows(pg, key, rollingWindows(newest, now));
}

export function rollingWindows(
  newest: Date | null,
  now: Date,
): { fromTime: Date; untilTime: Date }[] {
  const currentMs = (Math.floor(now.getTime() / hourMs) + 1) * hourMs;
  const missed =
    newest === null
      ? 0
      : Math.min(missedMax, Math.max(0, (currentMs - newest.getTime()) / hourMs - 1));
  return Array.from({ length: missed + 1 }, (_, i) => {
    const untilMs = currentMs - (missed - i) * hourMs;
    return { fromTime: new Date(untilMs - windowMs), untilTime: new Date(untilMs) };
  });
}

export const outcomeOf = (rowsRead: number): JobOutcome =>
  rowsRead === 0
    ? { state: "skipped", detail: "No version had a row in the last 24 hours." }
    : { state: "done", detail: "" };
