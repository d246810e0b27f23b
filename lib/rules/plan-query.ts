import type { QueryWindow } from "#lib/domain/runbook.ts";

export interface Stretch {
  fromTime: Date;
  untilTime: Date;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Past this an impact is no window any more, but an age. */
const impactMaxMs = 31 * dayMs;
const fallbackMs = dayMs;

/** The window that a step asks about, on whole buckets of `grainMs`, and what stood in for what is not known. */
export function planQueryWindow(
  window: QueryWindow,
  {
    evidence,
    impactStartedAt,
    now,
    grainOf,
  }: {
    evidence: { from: Date; until: Date } | null;
    impactStartedAt: Date | null;
    now: Date;
    grainOf: (fromTime: Date) => number;
  },
): Stretch & { notes: string[] } {
  const nowMs = now.getTime();
  const last = (lengthMs: number, notes: string[] = []) => ({
    fromMs: nowMs - lengthMs,
    untilMs: nowMs,
    notes,
  });
  const chosen = (): { fromMs: number; untilMs: number; notes: string[] } => {
    switch (window.kind) {
      case "last":
        return last(window.lengthMs);
      case "evidence":
        return evidence === null
          ? last(fallbackMs, ["no alert names a window: the last 24 h were asked"])
          : { fromMs: evidence.from.getTime(), untilMs: evidence.until.getTime(), notes: [] };
      case "impact": {
        if (impactStartedAt === null)
          return last(fallbackMs, ["when its impact began is not known: the last 24 h were asked"]);
        const lengthMs = nowMs - impactStartedAt.getTime();
        return lengthMs > impactMaxMs
          ? last(impactMaxMs, ["its impact began longer ago: the last 31 days were asked"])
          : last(Math.max(0, lengthMs));
      }
    }
  };
  const { fromMs, untilMs, notes } = chosen();
  const grain = grainOf(new Date(fromMs));
  const from = Math.floor(fromMs / grain) * grain;
  // The bucket that is still filling would count as a loss.
  const lastFull = Math.floor(nowMs / grain) * grain;
  const until = Math.min(Math.ceil(untilMs / grain) * grain, lastFull);
  if (until > from) return { fromTime: new Date(from), untilTime: new Date(until), notes };
  return {
    fromTime: new Date(lastFull - grain),
    untilTime: new Date(lastFull),
    notes: [...notes, "the window has no full bucket yet: the one before was asked"],
  };
}

const widths = [
  hourMs / 12,
  hourMs / 4,
  hourMs / 2,
  hourMs,
  2 * hourMs,
  6 * hourMs,
  12 * hourMs,
  dayMs,
  2 * dayMs,
  7 * dayMs,
];

/** The window and as much before it, at least a day, in equal parts to draw: what is wrong shows against what was before. */
export function planPoints(
  { fromTime, untilTime }: Stretch,
  { grainMs, pointsMax }: { grainMs: number; pointsMax: number },
): Stretch[] {
  const untilMs = untilTime.getTime();
  const spanMs = Math.max(2 * (untilMs - fromTime.getTime()), dayMs);
  const width = widths.find((one) => one >= grainMs && spanMs / one <= pointsMax) ?? 7 * dayMs;
  const count = Math.max(1, Math.floor(spanMs / width));
  return Array.from({ length: count }, (_, i) => {
    const end = untilMs - (count - 1 - i) * width;
    return { fromTime: new Date(end - width), untilTime: new Date(end) };
  });
}
