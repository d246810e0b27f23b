import type { Postgres } from "#db/postgres/client.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import type { IncidentSettings } from "#lib/rules/incident-settings.ts";
import { defaultIncidentSettings } from "#lib/rules/incident-settings.ts";
import { enqueueNotifications } from "../notification/enqueue-notifications.ts";
import { findSilencedAlerts } from "../silence/find-silenced-alerts.ts";

/** What alerting asks of others. */
export interface AlertingSeams {
  settings: IncidentSettings;
  /** Which of these alerts a silence hides now; what it hides of those that fire is noted. */
  silencedAlertIds: typeof findSilencedAlerts;
  enqueue(
    tx: Postgres,
    options: {
      workspaceId: string;
      message: IncidentMessage;
      destinationIds: string[];
      now: Date;
      newId: () => string;
    },
  ): Promise<unknown>;
}

const defaultSeams: AlertingSeams = {
  settings: defaultIncidentSettings,
  silencedAlertIds: findSilencedAlerts,
  enqueue: enqueueNotifications,
};

/** One transaction of one workspace: all that is written to incidents is written by way of this. */
export interface Alerting extends PostgresScope {
  now: Date;
  newId: () => string;
  seams: AlertingSeams;
  publicUrl: string | null;
}

export interface AlertingOptions {
  workspaceId: string;
  now: Date;
  newId: () => string;
  /** Where people find the console; without it messages carry no link. */
  publicUrl?: string | undefined;
  seams?: Partial<AlertingSeams> | undefined;
}

export function alertingOf(tx: Postgres, options: AlertingOptions): Alerting {
  const { workspaceId, now, newId, publicUrl = null, seams } = options;
  return { pg: tx, workspaceId, now, newId, publicUrl, seams: { ...defaultSeams, ...seams } };
}

export const workerActor: IncidentActor = {
  kind: "job",
  id: "alerting",
  name: "Plumbline",
  via: "worker",
};

/** Whoever writes to incidents of a model holds this; those of no model are one more such writer. */
export const writerOf = (workspaceId: string, modelId: string | null): string =>
  `incidents ${workspaceId} ${modelId ?? ""}`;
