import { grainMs } from "#lib/domain/grain.ts";
import type { CoveredWindow } from "./cover-window.ts";
import { coverWindow } from "./cover-window.ts";

const hourMs = grainMs["1h"];

/** Performance is kept by the hour: a window is widened to whole hours, or days where hours are no longer kept. */
export function coverHours(from: Date, until: Date, now: Date): CoveredWindow {
  const floor = new Date(Math.floor(from.getTime() / hourMs) * hourMs);
  const ceil = new Date(Math.ceil(until.getTime() / hourMs) * hourMs);
  return coverWindow(floor, ceil, now, "1h");
}
