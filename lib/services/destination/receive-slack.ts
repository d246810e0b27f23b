import { z } from "zod";
import { findSlackAccount, insertInboundEvent } from "#db/postgres/queries/inbound.ts";
import type { IncidentAction } from "#lib/domain/incident.ts";
import { hasRole } from "#lib/domain/role.ts";
import { guardedFetch } from "#lib/notify/guarded-fetch.ts";
import { verifySlack } from "#lib/notify/verify-slack.ts";
import type { InboundContext } from "./inbound-context.ts";
import { applyChange, openInbound, unverified } from "./inbound-context.ts";
import { sealSlackLink, slackLinkMs } from "./slack-link.ts";

const payloadSchema = z.object({
  type: z.string(),
  trigger_id: z.string().min(1).max(255).optional(),
  response_url: z.string().optional(),
  team: z.object({ id: z.string(), domain: z.string().optional() }).nullish(),
  user: z.object({ id: z.string(), name: z.string().optional(), username: z.string().optional() }),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).default([]),
});
type Payload = z.output<typeof payloadSchema>;

const actionOf: Record<string, IncidentAction> = {
  incident_acknowledge: "acknowledge",
  incident_resolve: "resolve",
};

/** What Slack is to be answered within three seconds, and what is said to whoever clicked, and to nobody else. */
export interface SlackReceived {
  result: "done" | "unchanged" | "ignored" | "repeated" | "refused" | "unlinked" | "forbidden";
  reply: { url: string; text: string } | null;
}

const ignored: SlackReceived = { result: "ignored", reply: null };

/** A click on a message of ours. Which destination it was is said by the button; it is believed once the signature fits its secret. */
export async function receiveSlack(
  context: InboundContext,
  request: { rawBody: string; timestamp: string | null; signature: string | null },
): Promise<SlackReceived> {
  const payload = parsePayload(request.rawBody);
  const [action] = payload?.actions ?? [];
  const [destinationId = "", incidentId = ""] = action?.value?.split(".") ?? [];
  // A button that only links says no destination, and its click changes nothing: nothing in it need be believed.
  if (payload !== null && action?.action_id.startsWith("incident_link_") === true) return ignored;
  const { workspaceId, slug, destination } = await openInbound(context, destinationId);
  const signingSecret =
    destination.kind === "slack_bot" ? destination.settings.signingSecret : undefined;
  const { rawBody, timestamp, signature } = request;
  const signed = { timestamp, signature, now: context.now };
  if (signingSecret === undefined || !verifySlack(rawBody, { ...signed, signingSecret }))
    throw unverified();
  const wanted = action === undefined ? undefined : actionOf[action.action_id];
  if (payload === null || wanted === undefined) return ignored;
  return change(context, payload, {
    workspaceId,
    slug,
    destinationId,
    incidentId,
    action: wanted,
  });
}

async function change(
  context: InboundContext,
  payload: Payload,
  wanted: {
    workspaceId: string;
    slug: string;
    destinationId: string;
    incidentId: string;
    action: IncidentAction;
  },
): Promise<SlackReceived> {
  const { workspaceId, slug, destinationId, incidentId, action } = wanted;
  const who = { workspaceId, teamId: payload.team?.id ?? "", slackUserId: payload.user.id };
  const say = (result: SlackReceived["result"], text: string): SlackReceived => ({
    result,
    reply: payload.response_url === undefined ? null : { url: payload.response_url, text },
  });
  const account = await findSlackAccount(context.postgres.db, who);
  if (account === null) return say("unlinked", sayLink(context, payload, slug, who));
  if (!hasRole(account.role, "editor"))
    return say("forbidden", `This needs the role editor in Plumbline; yours is ${account.role}.`);
  const result = await context.postgres.transaction(async (tx) => {
    // Slack sends a click again when it was not answered in time.
    const eventId = payload.trigger_id;
    if (
      eventId !== undefined &&
      !(await insertInboundEvent(tx, { destinationId, eventId, now: context.now }))
    )
      return "repeated";
    const actor = {
      kind: "user",
      id: account.userId,
      name: account.name,
      via: "slack",
    } as const;
    // Told back to the same channel: the message there has to show how the incident stands now.
    return applyChange(context, tx, { workspaceId, incidentId, action, actor });
  });
  switch (result) {
    case "refused":
      return say(result, "That is not possible any more: the incident is over, or further on.");
    case "unchanged":
      return say(result, "It was so already.");
    case "done":
    case "repeated":
      return { result, reply: null };
  }
}

function sayLink(
  { outgoing, publicUrl, now }: InboundContext,
  { user, team }: Payload,
  slug: string,
  who: { workspaceId: string; teamId: string; slackUserId: string },
): string {
  const token = sealSlackLink(outgoing.sealer, {
    ...who,
    teamDomain: team?.domain ?? null,
    slackName: user.username ?? user.name ?? user.id,
    expiresAt: new Date(now.getTime() + slackLinkMs).toISOString(),
  });
  // Behind the #, the token reaches no server's log.
  const url = `${publicUrl.replace(/\/+$/, "")}/w/${slug}/settings/link-slack#${token}`;
  return `Plumbline does not know who you are yet. <${url}|Link your account>, then press the button again.`;
}

/** Seen by whoever clicked alone. What becomes of it is not waited for long: Slack wants its own answer. */
export async function replyToSlack(
  reply: { url: string; text: string },
  allowedHosts: readonly string[],
): Promise<void> {
  const { text } = reply;
  await guardedFetch(
    {
      url: reply.url,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ response_type: "ephemeral", replace_original: false, text }),
    },
    { allowedHosts, timeoutMs: 2_000 },
  );
}

function parsePayload(rawBody: string): Payload | null {
  try {
    return payloadSchema.parse(JSON.parse(new URLSearchParams(rawBody).get("payload") ?? ""));
  } catch {
    return null;
  }
}
