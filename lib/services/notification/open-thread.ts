import type { NotificationThread } from "#lib/notify/send-message.ts";
import type { SecretSealer } from "../destination/seal-secret.ts";

export const threadPlaceOf = (incidentId: string, destinationId: string) =>
  `thread ${incidentId} ${destinationId}`;

/** By what an incident is known at a destination. */
export function openThread(
  sealer: SecretSealer,
  sealed: string,
  place: string,
): NotificationThread {
  // Safe: only what seals under this place writes there.
  return JSON.parse(sealer.open(sealed, place)) as NotificationThread;
}
