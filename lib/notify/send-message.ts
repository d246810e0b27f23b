import type { DestinationSettings, OpenDestination } from "#lib/domain/destination.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import type { Outcome } from "./classify-answer.ts";
import type { GuardOptions } from "./guarded-fetch.ts";
import { renderAlertmanager } from "./render-alertmanager.ts";
import type { ToldAlert } from "./render-alertmanager-alerts.ts";
import { joinTold, renderAlertmanagerAlerts } from "./render-alertmanager-alerts.ts";
import { renderEmail } from "./render-email.ts";
import { pagerdutyActionOf, renderPagerduty } from "./render-pagerduty.ts";
import { renderPagerdutyChange } from "./render-pagerduty-change.ts";
import { renderWebhook } from "./render-webhook.ts";
import { sendAlertmanager } from "./send-alertmanager.ts";
import { sendEmail } from "./send-email.ts";
import { sendPagerduty } from "./send-pagerduty.ts";
import type { SlackThread } from "./send-slack-bot.ts";
import { sendSlackBot } from "./send-slack-bot.ts";
import { sendSlackWebhook } from "./send-slack-webhook.ts";
import { sendWebhook } from "./send-webhook.ts";

/** By what an incident is known at a destination. It outlives an edit of the destination's settings. */
export type NotificationThread =
  | { kind: "slack"; slack: SlackThread }
  | { kind: "alertmanager"; told: ToldAlert[] }
  | { kind: "pagerduty"; routingKey: string; eventsUrl: string; dedupKey: string };

export interface SendRequest {
  destination: OpenDestination;
  destinationId: string;
  message: IncidentMessage;
  /** The webhook-id: the same over all attempts. */
  id: string;
  happenedAt: Date;
  dedupKey: string;
  thread: NotificationThread | null;
  now: Date;
  guard: GuardOptions;
}

export interface SendResult {
  outcome: Outcome | { kind: "not_told"; text: string };
  /** What to keep of the incident there. */
  thread: NotificationThread | null;
}

/** What has to be kept before anything is sent: when nobody knows whether a trigger arrived, its resolve must still find the way. */
export function threadBefore({
  destination,
  message,
  dedupKey,
  thread,
  now,
}: Pick<
  SendRequest,
  "destination" | "message" | "dedupKey" | "thread" | "now"
>): NotificationThread | null {
  if (destination.kind === "alertmanager" && destination.settings.api === "alerts") {
    const before = thread?.kind === "alertmanager" ? thread.told : [];
    const post = renderAlertmanagerAlerts(message, { before, now });
    if (post === null || post.told.length === 0) return thread;
    return { kind: "alertmanager", told: joinTold(before, post.told) };
  }
  if (destination.kind !== "pagerduty" || thread !== null) return thread;
  if (pagerdutyActionOf(message.kind) !== "trigger") return null;
  const { routingKey, eventsUrl } = destination.settings;
  return { kind: "pagerduty", routingKey, eventsUrl, dedupKey };
}

/** Renders for one kind of destination and sends. */
export async function sendMessage(request: SendRequest): Promise<SendResult> {
  const { destination, message, id, happenedAt, dedupKey, thread, now, guard } = request;
  if (message.kind === "change") return sendChange(request);
  switch (destination.kind) {
    case "slack_webhook":
      return {
        outcome: await sendSlackWebhook(destination.settings, message, { now, guard }),
        thread,
      };
    case "slack_bot": {
      const before = thread?.kind === "slack" ? thread.slack : null;
      const { settings } = destination;
      const { destinationId } = request;
      const options = { destinationId, thread: before, now, guard };
      const sent = await sendSlackBot(settings, message, options);
      const after = sent.thread === null ? null : ({ kind: "slack", slack: sent.thread } as const);
      return { outcome: sent.outcome, thread: after };
    }
    case "pagerduty": {
      if (thread?.kind !== "pagerduty")
        return notTold("PagerDuty was never told of this incident, so there is nothing to change.");
      const event = renderPagerduty(message, thread);
      const outcome = await sendPagerduty(thread.eventsUrl, event, { now, guard });
      const isOver = outcome.kind === "sent" && event.event_action === "resolve";
      return { outcome, thread: isOver ? null : thread };
    }
    case "alertmanager": {
      if (destination.settings.api === "alerts")
        return sendAlerts(destination.settings, { message, thread, now, guard });
      const body = renderAlertmanager(message, { dedupKey, receiver: "plumbline" });
      if (body === null)
        return notTold("Alertmanager's format has no word for this: it knows firing and resolved.");
      return {
        outcome: await sendAlertmanager(destination.settings, body, { now, guard }),
        thread,
      };
    }
    case "email": {
      const { incidentId } = message;
      const content = renderEmail(message);
      const outcome = await sendEmail(destination.settings, content, { id, incidentId, guard });
      return { outcome, thread };
    }
    case "webhook": {
      const body = renderWebhook(message, { happenedAt, dedupKey });
      return { outcome: await sendWebhook(destination.settings, body, { id, now, guard }), thread };
    }
  }
}

/** A change is told beside incidents, and has no thread. */
async function sendChange({
  destination,
  message,
  thread,
  now,
  guard,
}: SendRequest): Promise<SendResult> {
  if (destination.kind !== "pagerduty") return notTold("Only PagerDuty is told of changes.");
  const { routingKey, eventsUrl } = destination.settings;
  const event = renderPagerdutyChange(message, routingKey);
  const outcome = await sendPagerduty(eventsUrl, event, { now, guard, door: "change/enqueue" });
  return { outcome, thread };
}

/** Alertmanager is told what fires and what does not any more; what it was told is kept until it is taken back. */
async function sendAlerts(
  settings: DestinationSettings<"alertmanager">,
  { message, thread, now, guard }: Pick<SendRequest, "message" | "thread" | "now" | "guard">,
): Promise<SendResult> {
  const before = thread?.kind === "alertmanager" ? thread.told : [];
  const post = renderAlertmanagerAlerts(message, { before, now });
  if (post === null)
    return {
      outcome: {
        kind: "not_told",
        text:
          message.kind === "resolved"
            ? "Alertmanager was never told of this incident, so there is nothing to take back."
            : "Alertmanager has no word for this: it knows firing and resolved.",
      },
      thread,
    };
  const outcome = await sendAlertmanager(settings, post.alerts, { now, guard });
  if (outcome.kind !== "sent") return { outcome, thread };
  return {
    outcome,
    thread: post.told.length === 0 ? null : { kind: "alertmanager", told: post.told },
  };
}

const notTold = (text: string): SendResult => ({
  outcome: { kind: "not_told", text },
  thread: null,
});
