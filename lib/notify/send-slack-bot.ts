import type { DestinationSettings } from "#lib/domain/destination.ts";
import type { IncidentMessage, NotificationKind } from "#lib/domain/notification.ts";
import type { Outcome } from "./classify-answer.ts";
import { classifySlackApi, slackApiAnswer } from "./classify-answer.ts";
import type { CallResult, GuardOptions } from "./guarded-fetch.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { SlackMessage } from "./render-slack.ts";
import { renderSlack, renderSlackPlain, renderSlackReply } from "./render-slack.ts";
import { isFormRefused } from "./send-slack-webhook.ts";

/** The message that an incident has in a channel. */
export interface SlackThread {
  channel: string;
  ts: string;
}

export interface SlackDelivery {
  outcome: Outcome;
  thread: SlackThread | null;
}

interface BotOptions {
  destinationId: string;
  thread: SlackThread | null;
  now: Date;
  guard: GuardOptions;
}

/** An incident has one message, which always says how it stands; what happened since is told in the thread below it. */
export async function sendSlackBot(
  settings: DestinationSettings<"slack_bot">,
  message: IncidentMessage,
  { destinationId, thread, now, guard }: BotOptions,
): Promise<SlackDelivery> {
  const call = (method: string, content: object) => callSlack(settings, method, content, guard);
  const buttonsFor = settings.signingSecret === undefined ? null : destinationId;
  const content = renderSlack(message, { buttonsFor });

  async function withFallback(method: string, place: object): Promise<CallResult> {
    const result = await call(method, { ...place, ...content });
    if (!isFormRefused(classifySlackApi(result, now))) return result;
    // Empty blocks, or an update would leave those that stand there.
    const plain: SlackMessage = { ...renderSlackPlain(message), blocks: [] };
    return call(method, { ...place, ...plain });
  }

  async function postNew(): Promise<SlackDelivery> {
    const result = await withFallback("chat.postMessage", { channel: settings.channel });
    const outcome = classifySlackApi(result, now);
    return { outcome, thread: outcome.kind === "sent" ? threadOf(result) : thread };
  }

  if (thread === null) return postNew();
  const updated = classifySlackApi(await withFallback("chat.update", { ...thread }), now);
  if (updated.kind === "permanent" && goneErrors.has(updated.text)) return postNew();
  const reply = replyOf(message.kind);
  if (updated.kind !== "sent" || reply === "none") return { outcome: updated, thread };
  const replied = await call("chat.postMessage", {
    channel: thread.channel,
    thread_ts: thread.ts,
    reply_broadcast: reply === "broadcast",
    ...renderSlackReply(message),
  });
  return { outcome: classifySlackApi(replied, now), thread };
}

/** Somebody deleted the message, or Slack no longer lets it be changed. */
const goneErrors = new Set(["message_not_found", "cant_update_message", "edit_window_closed"]);

/** A change of a message in place notifies nobody. What people must see is said in the channel too. */
function replyOf(kind: NotificationKind): "none" | "thread" | "broadcast" {
  switch (kind) {
    case "updated":
    case "test":
    case "change":
      return "none";
    case "acknowledged":
    case "mitigated":
    case "resolved":
      return "thread";
    case "triggered":
    case "reopened":
    case "escalated":
    case "reminded":
      return "broadcast";
  }
}

function callSlack(
  { apiUrl, botToken }: DestinationSettings<"slack_bot">,
  method: string,
  content: object,
  guard: GuardOptions,
): Promise<CallResult> {
  return guardedFetch(
    {
      url: `${apiUrl.replace(/\/+$/, "")}/${method}`,
      headers: {
        "content-type": "application/json; charset=utf-8",
        authorization: `Bearer ${botToken}`,
      },
      body: JSON.stringify(content),
    },
    guard,
  );
}

function threadOf(result: CallResult): SlackThread | null {
  if (result.kind !== "answer") return null;
  try {
    const { channel, ts } = slackApiAnswer.parse(JSON.parse(result.body));
    return channel === undefined || ts === undefined ? null : { channel, ts };
  } catch {
    return null;
  }
}
