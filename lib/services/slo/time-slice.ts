import type { MeasuredSlice } from "#db/postgres/queries/slo-slice.ts";
import type { SliceState } from "#lib/domain/slo.ts";

/** How long rows take until a profile has them, at most: a slice that ended later is not judged yet. */
export const settleMs = 60_000;

/** One slice of time that is good or bad as a whole; null is neither. */
export function timeSlice(
  fromMs: number,
  lengthMs: number,
  {
    isGood,
    state,
    value = null,
    reason = "",
  }: {
    isGood: boolean | null;
    /** Of a slice that was judged. */
    state?: "settled" | "provisional";
    value?: number | null;
    reason?: string;
  },
): MeasuredSlice {
  const found: SliceState = isGood === null ? "unmeasured" : (state ?? "settled");
  return {
    sliceFrom: new Date(fromMs),
    sliceUntil: new Date(fromMs + lengthMs),
    state: found,
    goodCount: isGood === true ? 1 : 0,
    badCount: isGood === false ? 1 : 0,
    unmeasuredCount: isGood === null ? 1 : 0,
    value,
    reason,
  };
}

/** Nothing happened in it that could be good or bad. */
export function idleSlice(fromMs: number, lengthMs: number, reason: string): MeasuredSlice {
  return {
    ...timeSlice(fromMs, lengthMs, { isGood: true, reason }),
    state: "idle",
    goodCount: 0,
  };
}
