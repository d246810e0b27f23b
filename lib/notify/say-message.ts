import type { Severity } from "#lib/domain/incident.ts";
import type { CauseClass } from "#lib/domain/monitor.ts";
import type { IncidentMessage, NotificationKind } from "#lib/domain/notification.ts";

/** What is told in every format in the same words. */

export function sayKind(kind: NotificationKind): string {
  switch (kind) {
    case "triggered":
      return "New incident";
    case "updated":
      return "Update";
    case "acknowledged":
      return "Acknowledged";
    case "escalated":
      return "Escalated";
    case "reminded":
      return "Reminder";
    case "mitigated":
      return "Mitigated";
    case "resolved":
      return "Resolved";
    case "reopened":
      return "Reopened";
    case "test":
      return "Test";
    case "change":
      return "Change";
  }
}

export function saySeverity(severity: Severity): string {
  return severity.replace("sev", "SEV-");
}

export function sayCause(causeClass: CauseClass): string {
  switch (causeClass) {
    case "slo":
      return "SLO";
    case "training_serving_skew":
      return "training-serving skew";
    case "data_drift":
    case "freshness":
    case "volume":
    case "data_quality":
    case "schema":
    case "performance":
    case "latency":
    case "fairness":
    case "other":
      return causeClass.replaceAll("_", " ");
  }
}

/** "#12 SEV-2 Resolved: eta drifts on 2 features". */
export function sayHeadline(message: IncidentMessage): string {
  const { incidentNumber, severity, kind, title } = message;
  if (kind === "test") return `Test: ${title}`;
  if (message.about === "action_item") return `Action item ${title}`;
  return `#${incidentNumber} ${saySeverity(severity)} ${sayKind(kind)}: ${title}`;
}

/** "eta, production, version 3". */
function sayModel({ model }: IncidentMessage): string | null {
  if (model === null) return null;
  const { name, environment, version } = model;
  return [name, environment, version === "" ? "" : `version ${version}`]
    .filter((part) => part !== "")
    .join(", ");
}

/** "2026-10-01 08:42 UTC": a message is read in zones that nobody knows. */
function sayTime(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

export interface Fact {
  label: string;
  text: string;
}

/** The most important first. */
export function listFacts(message: IncidentMessage): Fact[] {
  const at = (label: string, iso: string | null) =>
    iso === null ? [] : [{ label, text: sayTime(iso) }];
  const text = (label: string, value: string | null) =>
    value === null || value === "" ? [] : [{ label, text: value }];
  if (message.about === "action_item")
    return [
      ...text(
        "Owner",
        message.ownerName === null || message.ownerName.trim() === ""
          ? "nobody"
          : message.ownerName,
      ),
      ...text("Model", sayModel(message)),
    ];
  const by = message.acknowledgedBy === null ? "" : ` by ${message.acknowledgedBy}`;
  return [
    ...text("Model", sayModel(message)),
    ...text("State", message.state),
    ...at("Broken since", message.impactStartedAt),
    ...at("Detected", message.detectedAt),
    ...(message.acknowledgedAt === null
      ? []
      : [{ label: "Acknowledged", text: `${sayTime(message.acknowledgedAt)}${by}` }]),
    ...at("Mitigated", message.mitigatedAt),
    ...at("Resolved", message.resolvedAt),
    ...text("Owner", message.ownerName),
    ...text("Cause", sayCause(message.causeClass)),
  ];
}

/** What a list of `shownCount` alerts leaves out, in words; null where it leaves out nothing. */
export function sayOmitted(message: IncidentMessage, shownCount: number): string | null {
  const rest = message.firingCount + message.resolvedCount - shownCount;
  if (rest <= 0) return null;
  const noun = rest === 1 ? "alert" : "alerts";
  return shownCount === 0 ? `${rest} ${noun}, not listed here` : `and ${rest} more ${noun}`;
}

/** "3 alerts firing, 1 resolved, 47 explained by this incident". */
export function sayCounts({
  about,
  firingCount,
  resolvedCount,
  explainedCount,
}: IncidentMessage): string {
  if (about === "action_item") return "Reminders come until it is done, or will not be done.";
  const parts = [
    `${firingCount} ${firingCount === 1 ? "alert" : "alerts"} firing`,
    ...(resolvedCount > 0 ? [`${resolvedCount} resolved`] : []),
    ...(explainedCount > 0 ? [`${explainedCount} explained by this incident`] : []),
  ];
  return parts.join(", ");
}

/** Where what is told of is found, and what is written elsewhere about it. */
export const sayLink = ({ about }: IncidentMessage): string =>
  about === "action_item" ? "Open the action item" : "Open the incident";
export const sayReference = ({ about }: IncidentMessage): string =>
  about === "action_item" ? "Tracker" : "Runbook";
