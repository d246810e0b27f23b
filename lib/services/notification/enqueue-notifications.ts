import type { Postgres } from "#db/postgres/client.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";

export interface EnqueueOptions {
  workspaceId: string;
  message: IncidentMessage;
  destinationIds: readonly string[];
  notDestinationIds?: readonly string[];
  now: Date;
  newId: () => string;
}

/** Writes the messages to the outbox, in the caller's transaction. */
export async function enqueueNotifications(
  _tx: Postgres,
  _options: EnqueueOptions,
): Promise<void> {}
