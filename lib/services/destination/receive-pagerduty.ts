import { z } from "zod";
import { findToldIncident, insertInboundEvent } from "#db/postgres/queries/inbound.ts";
import { forgetNotificationThread } from "#db/postgres/queries/notification-outbox.ts";
import type { IncidentAction } from "#lib/domain/incident.ts";
import { verifyPagerduty } from "#lib/notify/verify-pagerduty.ts";
import type { InboundContext } from "./inbound-context.ts";
import { applyChange, openInbound, unverified } from "./inbound-context.ts";

const eventSchema = z.object({
  event: z.object({
    id: z.string().min(1).max(255),
    event_type: z.string(),
    occurred_at: z.iso.datetime({ offset: true }),
    agent: z.object({ id: z.string().nullish(), summary: z.string().nullish() }).nullish(),
    data: z.object({ incident_key: z.string().nullish() }).nullish(),
  }),
});

const actions: Record<string, IncidentAction> = {
  "incident.acknowledged": "acknowledge",
  "incident.unacknowledged": "unacknowledge",
  "incident.resolved": "resolve",
};

export type Received = "done" | "unchanged" | "ignored" | "repeated" | "refused";

/** What somebody did in PagerDuty is done here, once, and not told back to it. Everything that is signed rightly is answered with
 *  success, since what is refused three times switches the subscription off. */
export async function receivePagerduty(
  context: InboundContext,
  {
    destinationId,
    rawBody,
    signatures,
  }: { destinationId: string; rawBody: string; signatures: string | null },
): Promise<Received> {
  const { workspaceId, destination } = await openInbound(context, destinationId);
  const secret = destination.kind === "pagerduty" ? destination.settings.webhookSecret : undefined;
  if (secret === undefined || !verifyPagerduty(rawBody, { signatures, secret })) throw unverified();
  const event = parseEvent(rawBody);
  const action = event === null ? undefined : actions[event.event_type];
  const dedupKey = event?.data?.incident_key;
  if (event === null || action === undefined || dedupKey == null) return "ignored";
  return context.postgres.transaction(async (tx) => {
    const seen = { destinationId, eventId: event.id, now: context.now };
    if (!(await insertInboundEvent(tx, seen))) return "repeated";
    const told = await findToldIncident(tx, { destinationId, dedupKey });
    if (told === null) return "ignored";
    // It repeats for two days: an end from before it opened again must not end it now.
    if (told.openedAt !== null && Date.parse(event.occurred_at) < told.openedAt.getTime())
      return "ignored";
    // It closed the alert itself, and will not be told that it is over.
    if (action === "resolve")
      await forgetNotificationThread(tx, { incidentId: told.incidentId, destinationId });
    return applyChange(context, tx, {
      workspaceId,
      incidentId: told.incidentId,
      action,
      actor: {
        kind: "outside",
        id: event.agent?.id ?? "pagerduty",
        name: event.agent?.summary ?? "PagerDuty",
        via: "pagerduty",
      },
      exceptDestinationId: destinationId,
    });
  });
}

function parseEvent(rawBody: string): z.output<typeof eventSchema>["event"] | null {
  try {
    return eventSchema.parse(JSON.parse(rawBody)).event;
  } catch {
    return null;
  }
}
