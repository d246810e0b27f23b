import { formatCountExact, formatDuration } from "#lib/charts/format-number.ts";
import { formatUtc } from "#lib/charts/format-time.ts";
import type { Severity } from "#lib/domain/incident.ts";
import { severityNames } from "#lib/domain/incident.ts";
import type { ImpactFigures } from "#lib/domain/postmortem.ts";

interface IncidentFacts {
  number: number;
  title: string;
  severity: Severity;
  model: string | null;
  environment: string;
  segment: { key: string; value: string } | null;
  impactStartedAt: string | null;
  detectedAt: string;
  acknowledgedAt: string | null;
  mitigatedAt: string | null;
  resolvedAt: string | null;
}

const unknown = "not known";

/** What {{names}} in a postmortem's texts stand for. What is not known says so, and is never a zero. */
export function namePostmortemVariables(
  incident: IncidentFacts,
  impact: ImpactFigures,
): Record<string, string> {
  const at = (iso: string | null) => (iso === null ? unknown : formatUtc(Date.parse(iso)));
  const since = (from: string | null, until: string | null) =>
    from === null || until === null
      ? unknown
      : formatDuration(Date.parse(until) - Date.parse(from));
  const spent = impact.budgets.flatMap(({ name, spentShare }) =>
    spentShare === null ? [] : [`${Math.round(spentShare * 100)} % of ${name}`],
  );
  return {
    "incident.number": String(incident.number),
    "incident.title": incident.title,
    "incident.severity": severityNames[incident.severity],
    "incident.model": incident.model ?? "no model",
    "incident.environment": incident.environment,
    "incident.segment":
      incident.segment === null
        ? "all segments"
        : `${incident.segment.key}=${incident.segment.value}`,
    "impact.started": at(incident.impactStartedAt),
    "impact.ended": impact.isOpen ? "not yet over" : at(impact.until),
    "impact.duration": impact.durationMs === null ? unknown : formatDuration(impact.durationMs),
    "impact.predictions":
      impact.predictionCount === null
        ? "an unknown number of"
        : formatCountExact(impact.predictionCount),
    "impact.budget": spent.length === 0 ? unknown : spent.join(", "),
    "detected.at": at(incident.detectedAt),
    "detected.after": since(incident.impactStartedAt, incident.detectedAt),
    "acknowledged.after": since(incident.detectedAt, incident.acknowledgedAt),
    "mitigated.after": since(incident.impactStartedAt, incident.mitigatedAt),
    "resolved.after": since(incident.impactStartedAt, incident.resolvedAt),
  };
}
