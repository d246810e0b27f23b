import type { TimelineEntry } from "#lib/api/timeline.ts";
import type { IncidentPhase } from "#lib/domain/incident.ts";

/** The status update that was sent last; null: none was. */
export const newestUpdate = (timeline: readonly TimelineEntry[]): TimelineEntry | null =>
  timeline.findLast(({ kind }) => kind === "status_update") ?? null;

/** How far it was by then. */
export function newestPhase(timeline: readonly TimelineEntry[]): IncidentPhase | null {
  const detail = newestUpdate(timeline)?.detail;
  return detail?.kind === "status" ? detail.phase : null;
}
