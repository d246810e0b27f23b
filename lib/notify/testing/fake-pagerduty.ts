import type { PagerdutyEvent } from "../render-pagerduty.ts";
import { checkPagerdutyChange, checkPagerdutyEvent } from "./check-pagerduty-event.ts";
import type { FakeReceiver, Received, Reply } from "./fake-receiver.ts";
import { startFakeReceiver } from "./fake-receiver.ts";

export interface FakePagerduty extends FakeReceiver {
  events(): PagerdutyEvent[];
  /** The alerts that are open, by routing key and dedup key: what somebody is paged for. */
  open: Map<string, "triggered" | "acknowledged">;
  usual(received: Received): Reply;
}

/** PagerDuty's door for events: it refuses what the real one refuses with the same body, and keeps alerts as the real one does. An
 *  acknowledge or resolve of no open alert is dropped without a word. */
export async function startFakePagerduty(): Promise<FakePagerduty> {
  const open: FakePagerduty["open"] = new Map();

  function usual({ method, path, body }: Received): Reply {
    if (method === "POST" && path === "/v2/change/enqueue") return takeChange(body);
    if (method !== "POST" || path !== "/v2/enqueue") return { status: 404, body: "Not found" };
    const errors = checkPagerdutyEvent(body);
    if (errors.length > 0)
      return json(400, { status: "invalid event", message: "Event object is invalid", errors });
    const event: PagerdutyEvent = JSON.parse(body);
    const key = `${event.routing_key} ${event.dedup_key}`;
    if (event.event_action === "trigger" && !open.has(key)) open.set(key, "triggered");
    if (event.event_action === "acknowledge" && open.has(key)) open.set(key, "acknowledged");
    if (event.event_action === "resolve") open.delete(key);
    return json(202, {
      status: "success",
      message: "Event processed",
      dedup_key: event.dedup_key,
    });
  }

  const receiver = await startFakeReceiver(usual);
  return {
    ...receiver,
    open,
    usual,
    events: () => receiver.received.map(({ body }) => JSON.parse(body)),
  };
}

function takeChange(body: string): Reply {
  const errors = checkPagerdutyChange(body);
  if (errors.length > 0)
    return json(400, { status: "invalid event", message: "Event object is invalid", errors });
  return json(202, { status: "success", message: "Change event processed" });
}

const json = (status: number, body: object): Reply => ({
  status,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});
