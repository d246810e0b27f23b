import type { DestinationSettings } from "#lib/domain/destination.ts";
import type { Outcome } from "./classify-answer.ts";
import { classifyWebhook } from "./classify-answer.ts";
import type { GuardOptions } from "./guarded-fetch.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { WebhookBody } from "./render-webhook.ts";
import { signWebhook } from "./sign-webhook.ts";

export async function sendWebhook(
  { url, signingSecret, previousSecret }: DestinationSettings<"webhook">,
  content: WebhookBody,
  { id, now, guard }: { id: string; now: Date; guard: GuardOptions },
): Promise<Outcome> {
  const body = JSON.stringify(content);
  const isChanging =
    previousSecret !== undefined && Date.parse(previousSecret.untilTime) > now.getTime();
  const secrets = isChanging ? [signingSecret, previousSecret.secret] : [signingSecret];
  const headers = {
    "content-type": "application/json",
    ...signWebhook(body, { id, at: now, secrets }),
  };
  return classifyWebhook(await guardedFetch({ url, headers, body }, guard), now);
}
