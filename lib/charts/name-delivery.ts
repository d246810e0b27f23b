import type { Notification, NotificationAttempt } from "#lib/api/notification.ts";
import type {
  DeliveryRemedy,
  DestinationKind,
  NotificationState,
} from "#lib/domain/destination.ts";
import type { NotificationKind } from "#lib/domain/notification.ts";
import { formatClock } from "./format-time.ts";

export const destinationKindNames: Record<DestinationKind, string> = {
  slack_bot: "Slack, as an app",
  slack_webhook: "Slack, by a webhook",
  pagerduty: "PagerDuty",
  webhook: "Signed webhook",
  alertmanager: "Alertmanager webhook",
  email: "E-mail",
};

export const notificationKindNames: Record<NotificationKind, string> = {
  triggered: "New incident",
  updated: "Update",
  acknowledged: "Acknowledged",
  escalated: "Escalated",
  reminded: "Reminder",
  mitigated: "Mitigated",
  resolved: "Resolved",
  reopened: "Reopened",
  test: "Test",
  change: "Change",
};

export const notificationStateNames: Record<NotificationState, string> = {
  queued: "waiting",
  sending: "being sent",
  failed: "failed, waiting",
  sent: "sent",
  dead: "given up",
  cancelled: "not sent",
};

export const attemptOutcomeNames: Record<NotificationAttempt["outcome"], string> = {
  unknown: "outcome unknown",
  sent: "taken",
  retry: "failed, tried again",
  permanent: "refused for good",
  not_told: "not told",
};

const remedies: Record<DeliveryRemedy, string> = {
  wait: "it is tried again by itself",
  reconnect: "connect it again with a new key, token or address",
  choose_channel: "choose another channel",
  fix_settings: "check its settings",
  report_bug: "this is our mistake: report it with the answer",
};

/** "waiting until 14:05", "sent", "given up: choose another channel". */
export function sayDelivery(notification: Notification, nowMs: number, zone: string): string {
  const { state, nextAt, remedy } = notification;
  switch (state) {
    case "queued":
    case "failed": {
      const nextMs = nextAt === null ? nowMs : Date.parse(nextAt);
      const word = notificationStateNames[state];
      return nextMs <= nowMs ? word : `${word} until ${formatClock(nextMs, zone)}`;
    }
    case "dead":
      return remedy === null ? "given up" : `given up: ${remedies[remedy]}`;
    case "sending":
    case "sent":
    case "cancelled":
      return notificationStateNames[state];
  }
}

/** "HTTP 429, rate_limited". */
export function sayAnswer({ status, answer }: Pick<Notification, "status" | "answer">): string {
  const parts = [status === null ? "" : `HTTP ${status}`, answer];
  return parts.filter((part) => part !== "").join(", ");
}
