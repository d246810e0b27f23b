import type { Outcome } from "./classify-answer.ts";
import { classifyPagerduty } from "./classify-answer.ts";
import type { GuardOptions } from "./guarded-fetch.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { PagerdutyEvent } from "./render-pagerduty.ts";
import type { PagerdutyChange } from "./render-pagerduty-change.ts";

export async function sendPagerduty(
  eventsUrl: string,
  event: PagerdutyEvent | PagerdutyChange,
  {
    now,
    guard,
    door = "enqueue",
  }: { now: Date; guard: GuardOptions; door?: "enqueue" | "change/enqueue" },
): Promise<Outcome> {
  const url = `${eventsUrl.replace(/\/+$/, "")}/v2/${door}`;
  const headers = { "content-type": "application/json" };
  const result = await guardedFetch({ url, headers, body: JSON.stringify(event) }, guard);
  return classifyPagerduty(result, now);
}
