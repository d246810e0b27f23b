import type { Incident } from "#lib/api/incident.ts";
import type { MonitorPoint } from "#lib/api/monitor.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { statisticUnits } from "#lib/domain/monitor-definition.ts";
import { nameEvidence } from "./prepare-evidence.ts";
import { prepareMonitorChart } from "./prepare-monitor-chart.ts";
import type { TimeSeriesModel } from "./time-series-model.ts";

const dayMs = 86_400_000;
const daysMax = 60;
const hourMs = 3_600_000;

type Moments = Pick<Incident, "impactStartedAt" | "detectedAt" | "resolvedAt">;

/** From well before the impact until now, in whole days. */
export function daysToShow({ impactStartedAt, detectedAt }: Moments, nowMs: number): number {
  const fromMs = Date.parse(impactStartedAt ?? detectedAt);
  return Math.min(daysMax, Math.max(2, Math.ceil((nowMs - fromMs) / dayMs) + 1));
}

/** The values of a monitor's series up to now, with the stretch in which the incident had an impact. */
export function prepareLiveChart(
  {
    points,
    evidence,
    incident,
    nowMs,
  }: {
    points: readonly MonitorPoint[];
    evidence: FrozenEvidence;
    incident: Moments;
    nowMs: number;
  },
  zone: string,
): TimeSeriesModel {
  const unit = statisticUnits.find((one) => one === evidence.unit) ?? "none";
  const what = `${nameEvidence(evidence)} of ${evidence.series.column || "the model"}`;
  const model = prepareMonitorChart({ points, unit, what, stepMs: stepOf(points) }, zone);
  const [domainFrom, domainUntil] = model.timeAxis.domain;
  const fromMs = Math.max(domainFrom, Date.parse(incident.impactStartedAt ?? incident.detectedAt));
  const endMs = incident.resolvedAt === null ? nowMs : Date.parse(incident.resolvedAt);
  const untilMs = Math.min(domainUntil, endMs);
  const label = incident.resolvedAt === null ? "impact, not over" : "impact";
  return { ...model, spans: untilMs > fromMs ? [{ fromMs, untilMs, label }] : [] };
}

/** From one window's end to the next, as most of them have it. */
function stepOf(points: readonly MonitorPoint[]): number {
  const ends = points.map(({ until }) => Date.parse(until));
  const steps = ends.flatMap((at, i) => {
    const before = ends[i - 1];
    return before === undefined || at <= before ? [] : [at - before];
  });
  return steps.length === 0 ? hourMs : Math.min(...steps);
}
