import { inboundRoute } from "#lib/http/inbound-route.ts";
import { receiveActionReport } from "#lib/services/action/receive-action-report.ts";

/** Where a pipeline reports how a run of an action came out. */
export const POST = inboundRoute(
  "inboundActionReport",
  async ({ context, params, rawBody, header }) => {
    const result = await receiveActionReport(context, {
      runId: params.run ?? "",
      rawBody,
      headers: {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
      },
    });
    return { status: 202, body: { result } };
  },
);
