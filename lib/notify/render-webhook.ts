import type { IncidentMessage } from "#lib/domain/notification.ts";
import { cleanMessage } from "./clean-message.ts";
import { utf8Length } from "./cut-text.ts";
import { webhookLimits } from "./limits.ts";

export interface WebhookBody {
  /** "incident.triggered" and so on. */
  type: string;
  /** When it happened; the attempt's own time stands in a header. */
  timestamp: string;
  data: Omit<IncidentMessage, "kind" | "groupKey"> & {
    /** The same over the incident's life. */
    key: string;
    /** How many alerts the list leaves out. */
    omittedAlertCount: number;
  };
}

const { bodyBytesMax, alertsMax } = webhookLimits;

/** Shares of the body in bytes of JSON, so that what matters survives whatever a person wrote: the rest is for alerts. */
const titleBytesMax = 2_000;
const answerBytesMax = 5_000;
const noteBytesMax = 1_500;
const nameBytesMax = 400;
const addressBytesMax = 2_000;

export function renderWebhook(
  unclean: IncidentMessage,
  { happenedAt, dedupKey }: { happenedAt: Date; dedupKey: string },
): WebhookBody {
  const { kind, groupKey: _, ...message } = cleanMessage(unclean);
  const alerts = message.alerts.slice(0, alertsMax).map((alert) => ({
    ...alert,
    monitorName: cutJson(alert.monitorName, nameBytesMax),
    target: cutJson(alert.target, nameBytesMax),
    sentence: cutJson(alert.sentence, noteBytesMax),
  }));
  const bodyWith = (shown: typeof alerts): WebhookBody => ({
    type: `${message.about ?? "incident"}.${kind}`,
    timestamp: happenedAt.toISOString(),
    data: {
      ...message,
      key: dedupKey,
      workspaceName: cutJson(message.workspaceName, nameBytesMax),
      title: cutJson(message.title, titleBytesMax),
      answer: cutJson(message.answer, answerBytesMax),
      note: message.note === null ? null : cutJson(message.note, noteBytesMax),
      model:
        message.model === null
          ? null
          : {
              name: cutJson(message.model.name, nameBytesMax),
              environment: cutJson(message.model.environment, nameBytesMax),
              version: cutJson(message.model.version, nameBytesMax),
            },
      acknowledgedBy:
        message.acknowledgedBy === null ? null : cutJson(message.acknowledgedBy, nameBytesMax),
      ownerName: message.ownerName === null ? null : cutJson(message.ownerName, nameBytesMax),
      runbookUrl: addressWithin(message.runbookUrl),
      incidentUrl: addressWithin(message.incidentUrl),
      alerts: shown,
      omittedAlertCount: Math.max(0, message.firingCount + message.resolvedCount - shown.length),
    },
  });
  let room = bodyBytesMax - jsonBytes(bodyWith([])) - 16; // The count may have more digits than that of none.
  const shown = alerts.slice(
    0,
    firstIndex(alerts, (alert) => {
      room -= jsonBytes(alert) + 1;
      return room < 0;
    }),
  );
  return bodyWith(shown);
}

function firstIndex<T>(items: readonly T[], isEnd: (item: T) => boolean): number {
  const index = items.findIndex(isEnd);
  return index === -1 ? items.length : index;
}

const jsonBytes = (value: unknown) => utf8Length(JSON.stringify(value));

/** Cut by what it takes in the body: escapes and bytes, never half of a code point. */
function cutJson(text: string, bytesMax: number): string {
  if (jsonBytes(text) - 2 <= bytesMax) return text;
  let left = bytesMax - 3; // The ellipsis has three bytes.
  let kept = "";
  for (const point of text) {
    left -= jsonBytes(point) - 2;
    if (left < 0) break;
    kept += point;
  }
  return `${kept.trimEnd()}…`;
}

const addressWithin = (url: string | null) =>
  url === null || jsonBytes(url) > addressBytesMax ? null : url;
