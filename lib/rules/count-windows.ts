import type { SeriesResult } from "#lib/domain/monitor.ts";
import type { AlertingRule } from "#lib/domain/monitor-definition.ts";

/** What came of one window, as far as counting it goes. */
export type CountedWindow = "fire" | "clear" | "between" | "unknown";

export const countedOf = (result: SeriesResult): CountedWindow =>
  result.kind === "value" ? result.judged : "unknown";

export interface FiringState {
  isFiring: boolean;
  /** The last windows with an answer, oldest first; unknown ones are not among them. */
  recent: readonly CountedWindow[];
}

export const NOT_FIRING: FiringState = { isFiring: false, recent: [] };

/** One window further. Fires when N of the last M windows with an answer were beyond the fire threshold; clears when the last
 *  `clearCount` were all beyond the clear threshold. Unknown is no answer: it neither fires nor clears, nor does it push
 *  an older answer out. */
export function countWindow(
  state: FiringState,
  window: CountedWindow,
  { fireCount, windowCount, clearCount }: AlertingRule,
): FiringState {
  if (window === "unknown") return state;
  const recent = [...state.recent, window].slice(-Math.max(windowCount, clearCount));
  const fires = recent.slice(-windowCount).filter((one) => one === "fire").length;
  const last = recent.slice(-clearCount);
  const isClear = last.length === clearCount && last.every((one) => one === "clear");
  if (state.isFiring) return { isFiring: !isClear, recent: isClear ? [] : recent };
  return { isFiring: fires >= fireCount, recent };
}
