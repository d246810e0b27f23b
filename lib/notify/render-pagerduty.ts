import type { Severity } from "#lib/domain/incident.ts";
import type { IncidentMessage, NotificationKind } from "#lib/domain/notification.ts";
import { cleanMessage } from "./clean-message.ts";
import { cleanLine, cutText, utf8Length } from "./cut-text.ts";
import { pagerdutyLimits } from "./limits.ts";
import { listFacts, sayCounts, sayHeadline, sayOmitted } from "./say-message.ts";

export interface PagerdutyEvent {
  routing_key: string;
  event_action: "trigger" | "acknowledge" | "resolve";
  dedup_key: string;
  client?: string;
  client_url?: string;
  payload?: {
    summary: string;
    source: string;
    severity: "critical" | "error" | "warning" | "info";
    timestamp: string;
    component?: string;
    group?: string;
    class: string;
    custom_details: Record<string, unknown>;
  };
  links?: { href: string; text: string }[];
}

const limits = pagerdutyLimits;

/** What an incident's change is to PagerDuty. Somebody works on what is mitigated, so that it stays acknowledged. */
export function pagerdutyActionOf(
  kind: NotificationKind,
): PagerdutyEvent["event_action"] | "change" {
  switch (kind) {
    case "triggered":
    case "reopened":
    case "updated":
    case "escalated":
    case "reminded":
    case "test":
      return "trigger";
    case "acknowledged":
    case "mitigated":
      return "acknowledge";
    case "resolved":
      return "resolve";
    case "change":
      return "change";
  }
}

export function renderPagerduty(
  unclean: IncidentMessage,
  { routingKey, dedupKey }: { routingKey: string; dedupKey: string },
): PagerdutyEvent {
  const message = cleanMessage(unclean);
  const action = pagerdutyActionOf(message.kind);
  if (action === "change") throw new Error("A change has a form of its own at PagerDuty.");
  const head = { routing_key: routingKey, event_action: action, dedup_key: dedupKey };
  if (action !== "trigger") return head;
  const event = renderTrigger(message, head);
  if (utf8Length(JSON.stringify(event)) <= limits.bodyBytesMax) return event;
  const omitted = "Left out: with its details this event was larger than PagerDuty takes.";
  return { ...event, payload: { ...event.payload, custom_details: { omitted } } };
}

function renderTrigger(
  message: IncidentMessage,
  head: Pick<PagerdutyEvent, "routing_key" | "event_action" | "dedup_key">,
): PagerdutyEvent & { payload: NonNullable<PagerdutyEvent["payload"]> } {
  const { model, incidentUrl, runbookUrl, alerts } = message;
  const component = field(alerts[0]?.target ?? "");
  const group = field(model?.name ?? "");
  const links = [
    ...(incidentUrl === null ? [] : [{ href: incidentUrl, text: "Incident" }]),
    ...(runbookUrl === null ? [] : [{ href: runbookUrl, text: "Runbook" }]),
  ];
  return {
    ...head,
    client: "Plumbline",
    ...(incidentUrl === null ? {} : { client_url: incidentUrl }),
    payload: {
      summary: cutText(
        cleanLine(`${sayHeadline(message)} - ${message.answer}`),
        limits.summaryLengthMax,
      ),
      source: sourceOf(message),
      severity: message.kind === "test" ? "info" : severityOf(message.severity),
      timestamp: message.impactStartedAt ?? message.detectedAt,
      ...(component === "" ? {} : { component }),
      ...(group === "" ? {} : { group }),
      class: message.causeClass,
      custom_details: renderDetails(message),
    },
    ...(links.length === 0 ? {} : { links }),
  };
}

const field = (text: string) => cutText(cleanLine(text), limits.fieldLengthMax);
const detail = (text: string) => cutText(text, limits.detailLengthMax);

function sourceOf({ model, workspaceName }: IncidentMessage): string {
  const named = model === null ? "" : [model.name, model.environment].filter(Boolean).join("/");
  return [named, workspaceName].map(field).find((part) => part !== "") ?? "Plumbline";
}

function renderDetails(message: IncidentMessage): Record<string, unknown> {
  const shown = message.alerts.slice(0, limits.detailAlertsMax);
  const omitted = sayOmitted(message, shown.length);
  return {
    answer: detail(message.answer),
    ...(message.note === null || message.note === "" ? {} : { note: detail(message.note) }),
    alerts: sayCounts(message),
    ...Object.fromEntries(listFacts(message).map(({ label, text }) => [label, detail(text)])),
    findings: [
      ...shown.map(({ state, monitorName, target, sentence }) =>
        detail(`${state}: ${monitorName}, ${target}: ${sentence}`),
      ),
      ...(omitted === null ? [] : [omitted]),
    ],
  };
}

function severityOf(severity: Severity): NonNullable<PagerdutyEvent["payload"]>["severity"] {
  switch (severity) {
    case "sev1":
      return "critical";
    case "sev2":
      return "error";
    case "sev3":
      return "warning";
    case "sev4":
    case "sev5":
      return "info";
  }
}
