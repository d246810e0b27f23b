import { inboundRoute } from "#lib/http/inbound-route.ts";
import { receivePagerduty } from "#lib/services/destination/receive-pagerduty.ts";

/** What PagerDuty's webhooks V3 tell: 202 for whatever is signed, since three refusals switch the subscription off. */
export const POST = inboundRoute(
  "inboundPagerduty",
  async ({ context, params, rawBody, header }) => {
    const result = await receivePagerduty(context, {
      destinationId: params.destination ?? "",
      rawBody,
      signatures: header("x-pagerduty-signature"),
    });
    return { status: 202, body: { result } };
  },
);
