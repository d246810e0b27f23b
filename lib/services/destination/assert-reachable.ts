import type { OpenDestination } from "#lib/domain/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import { refuseUrl } from "#lib/notify/guarded-fetch.ts";

/** Said when it is typed, and not only when the first page is late: an address that would be refused whatever it resolves to. */
export function assertReachable(
  destination: OpenDestination,
  allowedHosts: readonly string[],
): void {
  const address = addressOf(destination);
  if (address === null) return;
  const refusal = refuseUrl(address.url, allowedHosts);
  if (refusal === null) return;
  throw new AppError("invalid_request", refusal, {
    details: [{ path: `settings.${address.field}`, message: refusal }],
  });
}

function addressOf(destination: OpenDestination): { field: string; url: string } | null {
  switch (destination.kind) {
    case "slack_webhook":
    case "alertmanager":
    case "webhook":
      return { field: "url", url: destination.settings.url };
    case "slack_bot":
      return { field: "apiUrl", url: destination.settings.apiUrl };
    case "pagerduty":
      return { field: "eventsUrl", url: destination.settings.eventsUrl };
    case "email":
      return null;
  }
}
