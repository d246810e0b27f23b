import { hash } from "node:crypto";
import type { IncidentMessage, MessageAlert, NotificationKind } from "#lib/domain/notification.ts";
import { cleanMessage } from "./clean-message.ts";
import { cutText } from "./cut-text.ts";
import { alertmanagerLimits } from "./limits.ts";
import { sayCause, sayHeadline, saySeverity } from "./say-message.ts";

/** What receivers of Alertmanager's webhook read, version 4. */
export interface AlertmanagerBody {
  version: "4";
  groupKey: string;
  truncatedAlerts: number;
  status: "firing" | "resolved";
  receiver: string;
  notification_reason: string;
  groupLabels: Record<string, string>;
  commonLabels: Record<string, string>;
  commonAnnotations: Record<string, string>;
  externalURL: string;
  alerts: {
    status: "firing" | "resolved";
    labels: Record<string, string>;
    annotations: Record<string, string>;
    startsAt: string;
    endsAt: string;
    generatorURL: string;
    fingerprint: string;
  }[];
}

const { alertsMax, textLengthMax } = alertmanagerLimits;
const stillFiring = "0001-01-01T00:00:00Z";

/** Null of what that format has no word for: it knows firing and resolved, and nobody who works on it. */
export function renderAlertmanager(
  unclean: IncidentMessage,
  { dedupKey, receiver }: { dedupKey: string; receiver: string },
): AlertmanagerBody | null {
  const message = cleanMessage(unclean);
  const reason = reasonOf(message.kind);
  if (reason === null) return null;
  const isOver = message.kind === "resolved";
  const { incidentUrl, runbookUrl } = message;
  const groupLabels = labelsOf(message);
  const commonLabels = { ...groupLabels, severity: message.severity };
  const commonAnnotations = labels({
    summary: textOf(sayHeadline(message)),
    description: textOf(message.answer),
    note: message.note === null ? undefined : textOf(message.note),
    runbook_url: runbookUrl ?? undefined,
    severity: saySeverity(message.severity),
    cause: sayCause(message.causeClass),
  });
  const told = message.alerts.slice(0, alertsMax);
  // A receiver takes a message without alerts for an empty one: an incident that has none is one itself.
  const alerts = told.length === 0 ? [ownAlert(message)] : told;
  const total = message.firingCount + message.resolvedCount;
  return {
    version: "4",
    groupKey: `{}:{incident="${dedupKey}"}`,
    truncatedAlerts: Math.max(0, total - told.length),
    status: isOver ? "resolved" : "firing",
    receiver,
    notification_reason: reason,
    groupLabels,
    commonLabels,
    commonAnnotations,
    externalURL: incidentUrl ?? "",
    alerts: alerts.map((alert) => ({
      status: isOver ? "resolved" : alert.state,
      labels: {
        ...commonLabels,
        ...labels({ alertname: alert.monitorName || "Plumbline", target: alert.target }),
      },
      annotations: labels({
        summary: textOf(alert.sentence),
        runbook_url: runbookUrl ?? undefined,
      }),
      startsAt: alert.startedAt,
      endsAt: alert.endedAt ?? (isOver ? (message.resolvedAt ?? message.detectedAt) : stillFiring),
      generatorURL: incidentUrl ?? "",
      fingerprint: hash("sha256", alert.alertId, "hex").slice(0, 16),
    })),
  };
}

export const textOf = (words: string) => cutText(words, textLengthMax);

/** Of which model, and what broke. */
export const labelsOf = ({ workspaceName, model, causeClass }: IncidentMessage) =>
  labels({
    workspace: workspaceName,
    model: model?.name,
    environment: model?.environment,
    version: model?.version,
    cause: causeClass,
  });

export const isFiringKind = (kind: NotificationKind) =>
  kind !== "resolved" && reasonOf(kind) !== null;

/** A label without a value is none. */
function labels(named: Record<string, string | undefined>): Record<string, string> {
  const present = Object.entries(named).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  return Object.fromEntries(present);
}

export function ownAlert(message: IncidentMessage): MessageAlert {
  return {
    alertId: message.incidentId,
    monitorName: message.title,
    target: "",
    state: message.kind === "resolved" ? "resolved" : "firing",
    sentence: message.answer,
    startedAt: message.impactStartedAt ?? message.detectedAt,
    endedAt: message.resolvedAt,
  };
}

function reasonOf(kind: NotificationKind): string | null {
  switch (kind) {
    case "triggered":
    case "reopened":
    case "test":
      return "first notification";
    case "updated":
      return "new alerts added";
    case "escalated":
    case "reminded":
      return "repeat interval elapsed";
    case "resolved":
      return "all alerts resolved";
    case "acknowledged":
    case "mitigated":
    case "change":
      return null;
  }
}
