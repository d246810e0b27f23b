import type { Outcome } from "./classify-answer.ts";
import { classifyPagerduty } from "./classify-answer.ts";
import type { GuardOptions } from "./guarded-fetch.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { PagerdutyEvent } from "./render-pagerduty.ts";

export async function sendPagerduty(
  eventsUrl: string,
  event: PagerdutyEvent,
  { now, guard }: { now: Date; guard: GuardOptions },
): Promise<Outcome> {
  const url = `${eventsUrl.replace(/\/+$/, "")}/v2/enqueue`;
  const headers = { "content-type": "application/json" };
  const result = await guardedFetch({ url, headers, body: JSON.stringify(event) }, guard);
  return classifyPagerduty(result, now);
}
