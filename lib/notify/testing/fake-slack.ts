import { checkBlockKit } from "./check-block-kit.ts";
import type { FakeReceiver, Received, Reply } from "./fake-receiver.ts";
import { startFakeReceiver } from "./fake-receiver.ts";

export interface SlackPost {
  channel: string;
  ts: string;
  threadTs: string | null;
  isBroadcast: boolean;
  text: string;
  blocks: unknown[];
}

export interface FakeSlack extends FakeReceiver {
  /** What a channel shows now, updates applied. */
  posts: SlackPost[];
  usual(received: Received): Reply;
}

export const fakeSlackToken = "xoxb-fake-token";
export const fakeSlackChannel = "C0123456789";
const hookPath = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";
export const fakeSlackHook = (url: string) => `${url}${hookPath}`;

/** Slack's incoming webhooks and its Web API as far as messages go, with its limits and its answers. */
export async function startFakeSlack(): Promise<FakeSlack> {
  const posts: SlackPost[] = [];
  let clock = 1_700_000_000;

  function usual(received: Received): Reply {
    const { path } = received;
    if (path === hookPath) return answerHook(received);
    if (path === "/api/chat.postMessage") return answerApi(received, post);
    if (path === "/api/chat.update") return answerApi(received, update);
    return { status: 404, body: "no_service" };
  }

  function answerHook({ body }: Received): Reply {
    const problems = checkBlockKit(JSON.parse(body));
    if (problems.length > 0)
      return {
        status: 400,
        body: problems.some((each) => each.startsWith("no_text")) ? "no_text" : "invalid_blocks",
      };
    add(fakeSlackChannel, JSON.parse(body));
    return { status: 200, body: "ok" };
  }

  function answerApi(
    { body, headers }: Received,
    work: (content: Record<string, unknown>) => Record<string, unknown>,
  ): Reply {
    if (headers.authorization !== `Bearer ${fakeSlackToken}`)
      return json({ ok: false, error: "invalid_auth" });
    const content: Record<string, unknown> = JSON.parse(body);
    if (content.channel !== fakeSlackChannel)
      return json({ ok: false, error: "channel_not_found" });
    if (checkBlockKit(content).length > 0) return json({ ok: false, error: "invalid_blocks" });
    return json(work(content));
  }

  function post(content: Record<string, unknown>) {
    const { ts } = add(fakeSlackChannel, content);
    return { ok: true, channel: fakeSlackChannel, ts };
  }

  function update(content: Record<string, unknown>) {
    const found = posts.find(({ ts }) => ts === content.ts);
    if (found === undefined) return { ok: false, error: "message_not_found" };
    found.text = String(content.text);
    found.blocks = Array.isArray(content.blocks) ? content.blocks : [];
    return { ok: true, channel: found.channel, ts: found.ts };
  }

  function add(channel: string, content: Record<string, unknown>): SlackPost {
    clock += 1;
    const made = {
      channel,
      ts: `${clock}.000100`,
      threadTs: typeof content.thread_ts === "string" ? content.thread_ts : null,
      isBroadcast: content.reply_broadcast === true,
      text: String(content.text),
      blocks: Array.isArray(content.blocks) ? content.blocks : [],
    };
    posts.push(made);
    return made;
  }

  const receiver = await startFakeReceiver(usual);
  return { ...receiver, posts, usual };
}

const json = (body: object): Reply => ({
  status: 200,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});
