import type { DestinationSettings } from "#lib/domain/destination.ts";
import type { Outcome } from "./classify-answer.ts";
import { classifyAlertmanager } from "./classify-answer.ts";
import type { GuardOptions } from "./guarded-fetch.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { AlertmanagerBody } from "./render-alertmanager.ts";
import type { PostableAlert } from "./render-alertmanager-alerts.ts";

/** To what takes Alertmanager's webhook, or to Alertmanager itself. */
export async function sendAlertmanager(
  { url, bearerToken, api }: DestinationSettings<"alertmanager">,
  content: AlertmanagerBody | readonly PostableAlert[],
  { now, guard }: { now: Date; guard: GuardOptions },
): Promise<Outcome> {
  const headers = {
    "content-type": "application/json",
    ...(bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` }),
  };
  const body = JSON.stringify(content);
  const to = api === "alerts" ? alertsUrlOf(url) : url;
  return classifyAlertmanager(await guardedFetch({ url: to, headers, body }, guard), now);
}

const door = "/api/v2/alerts";

/** Where Alertmanager takes alerts: below the address of its page, or there already. */
function alertsUrlOf(text: string): string {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith(door) ? path : `${path}${door}`;
  return url.toString();
}
