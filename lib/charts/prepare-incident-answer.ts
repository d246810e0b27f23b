import type { Incident, IncidentList, IncidentSummary } from "#lib/api/incident.ts";
import { isOpenIncident, severityNames } from "#lib/domain/incident.ts";
import { whatOf } from "#lib/rules/describe-incident.ts";
import { formatDuration } from "./format-number.ts";
import { formatInstant } from "./format-time.ts";
import { verdictNames } from "./name-incident.ts";
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
    headline: sentence`${figure(String(open))} ${plural(open, "incident is", "incidents are")} open${worst === undefined ? "" : sentence`; the newest is ${figure(`#${worst.number}`)}, ${worst.title}`}.`,
    detail: sentence`${held}${owned}`,
  };
}

export function healthOf({ state, severity }: Pick<IncidentSummary, "state" | "severity">) {
  if (state === "merged") return "unknown" as const;
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
    headline: sentence`${sayWhat(incident)}, ${since}.`,
    detail: sentence`${sayFirst(incident)}${name(severityNames[incident.severity])}, ${sayHolder(incident)}${sayAlerts(incident)}`,
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

/** What a person declared is told in their words. */
function sayWhat(incident: Incident): string {
  if (incident.alertCount === 0) return incident.title;
  const { model, segment, environment, causeClass } = incident;
  const subject = {
    modelName: model,
    environment,
    causeClass,
    segmentKey: segment?.key ?? "",
    segmentValue: segment?.value ?? "",
  };
  return whatOf(
    subject,
    incident.alerts.map(({ state, sentence: said, series }) => ({
      ...series,
      state,
      sentence: said,
    })),
  );
}

/** What the most important alert says. */
function sayFirst({ alerts }: Incident): Sentence {
  const first = alerts.find(({ state }) => state === "firing") ?? alerts[0];
  return first === undefined ? [] : sentence`${first.sentence.replace(/\.$/, "")}. `;
}

/** How sure the begin of the impact is; null where a person said it, or where it is the alert's own. */
export function sayImpact({ impactBetween }: Incident, zone: string): string | null {
  if (impactBetween === null) return null;
  const [fromMs, untilMs] = [Date.parse(impactBetween.from), Date.parse(impactBetween.until)];
  if (fromMs === untilMs) return "by the level of the values";
  return `by the level of the values, between ${formatInstant(fromMs, zone)} and ${formatInstant(untilMs, zone)}`;
}

/** By which policy people are paged, and how far that has come. */
export function sayEscalation({ escalation, state }: Incident): string {
  if (escalation === null) return "no policy pages anybody";
  const { policy, levelCount, pagedCount } = escalation;
  if (pagedCount === 0) return `${policy}, not begun`;
  const level = ((pagedCount - 1) % levelCount) + 1;
  const round = Math.floor((pagedCount - 1) / levelCount) + 1;
  const rounds = round === 1 ? "" : `, round ${round}`;
  const stands = state === "triggered" ? "" : "; it has stopped";
  return `${policy}, level ${level} of ${levelCount}${rounds}${stands}`;
}
