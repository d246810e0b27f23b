import type { Postgres } from "#db/postgres/client.ts";
import { insertHidden } from "#db/postgres/queries/silence.ts";
import type { AlertLabels } from "#lib/domain/silence.ts";

/** Writes down that a silence held an alert's page back, in the transaction that did not send it. Said at every evaluation that still
 *  fires: that is how a silence knows whether it has become quiet. */
export function noteHidden(
  tx: Postgres,
  {
    workspaceId,
    ...hidden
  }: {
    workspaceId: string;
    silenceId: string;
    alertId: string;
    incidentId: string | null;
    labels: AlertLabels;
    now: Date;
  },
): Promise<void> {
  return insertHidden({ pg: tx, workspaceId }, hidden);
}
