import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";

/** Buckets that lie side by side as one stretch. Starts in ms, rising. */
export function joinBuckets(starts: Iterable<number>, widthMs: number): WindowTimes[] {
  const stretches: WindowTimes[] = [];
  for (const start of starts) {
    const last = stretches.at(-1);
    const untilTime = new Date(start + widthMs);
    if (last?.untilTime.getTime() === start) last.untilTime = untilTime;
    else stretches.push({ fromTime: new Date(start), untilTime });
  }
  return stretches;
}
