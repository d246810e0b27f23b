import { inboundRoute } from "#lib/http/inbound-route.ts";
import { receiveSlack, replyToSlack } from "#lib/services/destination/receive-slack.ts";

/** A click on a message of ours in Slack, which wants an empty 200 within three seconds. */
export const POST = inboundRoute("inboundSlack", async ({ context, rawBody, header }) => {
  const { reply } = await receiveSlack(context, {
    rawBody,
    timestamp: header("x-slack-request-timestamp"),
    signature: header("x-slack-signature"),
  });
  if (reply !== null) await replyToSlack(reply, context.outgoing.allowedHosts);
  return { status: 200, body: {} };
});
