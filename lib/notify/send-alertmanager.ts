import type { DestinationSettings } from "#lib/domain/destination.ts";
import type { Outcome } from "./classify-answer.ts";
import { classifyAlertmanager } from "./classify-answer.ts";
import type { GuardOptions } from "./guarded-fetch.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { AlertmanagerBody } from "./render-alertmanager.ts";

export async function sendAlertmanager(
  { url, bearerToken }: DestinationSettings<"alertmanager">,
  content: AlertmanagerBody,
  { now, guard }: { now: Date; guard: GuardOptions },
): Promise<Outcome> {
  const headers = {
    "content-type": "application/json",
    ...(bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` }),
  };
  const body = JSON.stringify(content);
  return classifyAlertmanager(await guardedFetch({ url, headers, body }, guard), now);
}
