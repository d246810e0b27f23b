import type { Incident, IncidentList, IncidentSummary } from "#lib/api/incident.ts";
import { isOpenIncident, severityNames } from "#lib/domain/incident.ts";
import { formatDuration } from "./format-number.ts";
import { formatInstant } from "./format-time.ts";
import { incidentStateNames, verdictNames } from "./name-incident.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** Is anything going on, and does somebody hold it? */
export function prepareIncidentListAnswer({ counts, incidents }: IncidentList): Answer {
  const { open, triggered, unowned } = counts;
  if (open === 0)
    return {
      health: "healthy",
      headline: sentence`No incident is open.`,
      detail: sentence`Alerts of one model with one kind of cause become one incident, and it stays here when it is over.`,
    };
  const worst = incidents.find(({ state }) => isOpenIncident(state));
  const held =
    triggered === 0
      ? sentence`Somebody holds each of them.`
      : sentence`Nobody has acknowledged ${figure(String(triggered))} of them.`;
  const owned: Sentence =
    unowned === 0
      ? []
      : sentence` ${figure(String(unowned))} ${plural(unowned, "has", "have")} no owner.`;
  return {
    health: triggered > 0 ? "breach" : "watch",
    headline: sentence`${figure(String(open))} ${plural(open, "incident is", "incidents are")} open${worst === undefined ? "" : sentence`; the newest is ${name(worst.title)}`}.`,
    detail: sentence`${held}${owned}`,
  };
}

export function healthOf({ state, severity }: Pick<IncidentSummary, "state" | "severity">) {
  if (!isOpenIncident(state)) return "healthy" as const;
  return severity === "sev1" || severity === "sev2" ? ("breach" as const) : ("watch" as const);
}

/** What is broken, for whom, since when, and who has it. */
export function prepareIncidentAnswer(incident: Incident, zone: string, nowMs: number): Answer {
  const sinceMs = Date.parse(incident.impactStartedAt ?? incident.detectedAt);
  const endMs = incident.resolvedAt === null ? nowMs : Date.parse(incident.resolvedAt);
  const lasted = formatDuration(Math.max(0, endMs - sinceMs));
  const isOpen = isOpenIncident(incident.state);
  const since = isOpen
    ? sentence`since ${figure(formatInstant(sinceMs, zone))} (${figure(lasted)})`
    : sentence`from ${figure(formatInstant(sinceMs, zone))}, for ${figure(lasted)}`;
  return {
    health: healthOf(incident),
    headline: sentence`${stripDot(incident.answer)}, ${since}.`,
    detail: sentence`${name(severityNames[incident.severity])}, ${sayHolder(incident)}${sayAlerts(incident)}`,
  };
}

function sayHolder(incident: Incident): Sentence {
  switch (incident.state) {
    case "triggered":
      return sentence`nobody has acknowledged it`;
    case "acknowledged":
      return sentence`acknowledged by ${name(incident.acknowledgedBy ?? "somebody")}`;
    case "mitigated":
      return sentence`mitigated: people no longer feel it`;
    case "resolved":
      return sentence`resolved`;
    case "closed":
      return sentence`closed as ${name(incident.verdict === null ? "unknown" : verdictNames[incident.verdict].toLowerCase())}`;
    case "merged":
      return sentence`merged into incident ${figure(String(incident.mergedInto ?? "?"))}`;
  }
}

function sayAlerts({ firingCount, alertCount, explainedCount, alerts }: Incident): Sentence {
  if (alertCount === 0) return sentence`. A person declared it; no alert is attached.`;
  const blind = alerts.filter(
    ({ state, unknown }) => state === "firing" && unknown !== null,
  ).length;
  const explained: Sentence =
    explainedCount === 0 ? [] : sentence`, and explains ${figure(String(explainedCount))} more`;
  const unknown: Sentence =
    blind === 0 ? [] : sentence` ${figure(String(blind))} can't be judged right now.`;
  return sentence`. ${figure(String(firingCount))} of ${figure(String(alertCount))} ${plural(alertCount, "alert")} ${plural(firingCount, "fires", "fire")}${explained}.${unknown}`;
}

const stripDot = (text: string) => text.replace(/\.$/, "");

/** "SEV-2, acknowledged, 3 of 5 alerts fire": a row of the list in words. */
export const sayRow = ({ severity, state, firingCount, alertCount }: IncidentSummary): string =>
  `${severityNames[severity]}, ${incidentStateNames[state].toLowerCase()}, ${firingCount} of ${alertCount} alerts fire`;

/** How sure the begin of the impact is; null where a person said it, or where it is the alert's own. */
export function sayImpact({ impactBetween }: Incident, zone: string): string | null {
  if (impactBetween === null) return null;
  const [fromMs, untilMs] = [Date.parse(impactBetween.from), Date.parse(impactBetween.until)];
  if (fromMs === untilMs) return "by the level of the values";
  return `by the level of the values, between ${formatInstant(fromMs, zone)} and ${formatInstant(untilMs, zone)}`;
}
