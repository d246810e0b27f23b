import type { DestinationSettings } from "#lib/domain/destination.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import type { Outcome } from "./classify-answer.ts";
import { classifySlackWebhook } from "./classify-answer.ts";
import type { GuardOptions } from "./guarded-fetch.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { SlackMessage } from "./render-slack.ts";
import { renderSlack, renderSlackPlain } from "./render-slack.ts";

export async function sendSlackWebhook(
  { url }: DestinationSettings<"slack_webhook">,
  message: IncidentMessage,
  { now, guard }: { now: Date; guard: GuardOptions },
): Promise<Outcome> {
  const post = async (content: SlackMessage) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(content);
    return classifySlackWebhook(await guardedFetch({ url, headers, body }, guard), now);
  };
  const first = await post(renderSlack(message, { buttonsFor: null }));
  // Refused for its form, which is our mistake: the page must get through all the same.
  return isFormRefused(first) ? post(renderSlackPlain(message)) : first;
}

export const isFormRefused = (outcome: Outcome): boolean =>
  outcome.kind === "permanent" && outcome.remedy === "report_bug";
