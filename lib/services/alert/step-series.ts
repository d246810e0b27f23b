import type { MonitorSeries, SeriesOutcome } from "#lib/domain/monitor.ts";
import { seriesKeyOf } from "#lib/domain/monitor.ts";
import type { AlertChange, AlertMemory, AlertSettings } from "#lib/rules/step-alert.ts";
import { settleAlert, stepAlert } from "#lib/rules/step-alert.ts";
import { parseMemory } from "./memory.ts";

export interface StoredSeries {
  seriesKey: string;
  monitorRevision: number;
  memory: unknown;
  alertId: string | null;
  alertEndedAt: Date | null;
}

export interface SteppedSeries {
  seriesKey: string;
  series: MonitorSeries;
  memory: AlertMemory;
  /** The alert that it held before. */
  alertId: string | null;
  /** In the order of the windows; a series that catches up may have several. */
  changes: AlertChange[];
}

/** What the outcomes make of each series of one monitor, windows in their order. */
export function stepSeries(
  outcomes: readonly SeriesOutcome[],
  stored: readonly StoredSeries[],
  {
    settings,
    monitorRevision,
    revision,
  }: { settings: AlertSettings; monitorRevision: number; revision: number },
): SteppedSeries[] {
  const known = new Map(stored.map((one) => [one.seriesKey, one]));
  const bySeries = new Map<string, SteppedSeries>();
  const ordered = [...outcomes].sort((a, b) => a.windowUntil.getTime() - b.windowUntil.getTime());
  for (const outcome of ordered) {
    const seriesKey = seriesKeyOf(outcome.series);
    const before =
      bySeries.get(seriesKey) ?? begin(outcome.series, known.get(seriesKey), monitorRevision);
    const { memory, change } = stepAlert(before.memory, outcome, settings, revision);
    const changes = change === null ? before.changes : [...before.changes, change];
    bySeries.set(seriesKey, { ...before, memory, changes });
  }
  return [...bySeries.values()];
}

function begin(
  series: MonitorSeries,
  stored: StoredSeries | undefined,
  monitorRevision: number,
): SteppedSeries {
  const memory = parseMemory(stored?.memory);
  const seriesKey = seriesKeyOf(series);
  const alertId = stored?.alertId ?? null;
  const base = { seriesKey, series, changes: [] };
  // A person ended it: what was known until then has had its say.
  if (memory.state === "firing" && stored?.alertEndedAt != null) {
    const untilMs = Math.max(stored.alertEndedAt.getTime(), memory.known.at(-1)?.untilMs ?? 0);
    return { ...base, alertId: null, memory: settleAlert(memory, untilMs) };
  }
  // Windows that were judged by other thresholds are not counted with those of the new ones.
  const isEdited = stored !== undefined && stored.monitorRevision !== monitorRevision;
  return { ...base, alertId, memory: isEdited ? { ...memory, known: [] } : memory };
}
