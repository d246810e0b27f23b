import type { IncidentMessage, MessageAlert } from "#lib/domain/notification.ts";
import { cleanMessage } from "./clean-message.ts";
import { alertmanagerLimits } from "./limits.ts";
import { isFiringKind, labelsOf, ownAlert, textOf } from "./render-alertmanager.ts";
import { sayHeadline } from "./say-message.ts";

/** An alert as Alertmanager's API takes it, version 2. It is known by its labels. */
export interface PostableAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL?: string;
}

/** What was told as firing, so that it can be told again, and taken back. */
export type ToldAlert = Omit<PostableAlert, "endsAt">;

/** An alert ends by itself when nobody says that it goes on: so long it does, whatever becomes of us. */
export const firesForMs = 60 * 60_000;
/** A test takes itself back. */
const testForMs = 60_000;

export interface AlertmanagerPost {
  alerts: PostableAlert[];
  /** What fires there afterwards. */
  told: ToldAlert[];
}

/** What an incident's message says to Alertmanager, which knows alerts alone: what fires goes on firing, what it was told before and
 *  does not fire any more ends. Null where that says nothing: nobody works on an alert there. */
export function renderAlertmanagerAlerts(
  unclean: IncidentMessage,
  { before, now }: { before: readonly ToldAlert[]; now: Date },
): AlertmanagerPost | null {
  const message = cleanMessage(unclean);
  if (message.kind === "test") {
    const alert = toTold(message, ownAlert(message));
    return { alerts: [lasting(alert, now, testForMs)], told: [...before] };
  }
  const isOver = message.kind === "resolved";
  if (!isOver && !isFiringKind(message.kind)) return null;
  const shown = isOver ? [] : firingOf(message);
  const names = new Set(shown.map(nameOf));
  const left = before.filter((alert) => !names.has(nameOf(alert)));
  const ended = isOver ? left : left.filter(endsIn(message));
  const told = [...shown, ...left.filter((alert) => !ended.includes(alert))];
  const alerts = [
    ...told.map((alert) => lasting(alert, now, firesForMs)),
    ...ended.map((alert) => lasting(alert, now, 0)),
  ];
  return alerts.length === 0 ? null : { alerts, told };
}

/** A message lists the most important alerts alone: where some that fire are not in it, only what it calls over is over. */
function endsIn(message: IncidentMessage): (alert: ToldAlert) => boolean {
  const firing = message.alerts.filter(({ state }) => state === "firing");
  if (message.firingCount <= firing.length) return () => true;
  const over = message.alerts.filter(({ state }) => state === "resolved");
  const names = new Set(over.map((alert) => nameOf(toTold(message, alert))));
  return (alert) => names.has(nameOf(alert));
}

/** Ends after it began, as it must. */
export const lasting = (alert: ToldAlert, now: Date, forMs: number): PostableAlert => ({
  ...alert,
  endsAt: new Date(Math.max(now.getTime() + forMs, Date.parse(alert.startsAt))).toISOString(),
});

/** All that may fire there once this was sent, whatever becomes of the answer. */
export function joinTold(before: readonly ToldAlert[], told: readonly ToldAlert[]): ToldAlert[] {
  return [...new Map([...before, ...told].map((alert) => [nameOf(alert), alert])).values()];
}

const nameOf = ({ labels }: ToldAlert) =>
  JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function firingOf(message: IncidentMessage): ToldAlert[] {
  const firing = message.alerts.filter(({ state }) => state === "firing");
  const shown = firing.slice(0, alertmanagerLimits.alertsMax);
  // An incident that lists none, as one that a person declared, is one itself.
  const alerts = shown.length === 0 ? [ownAlert(message)] : shown;
  return joinTold(
    [],
    alerts.map((alert) => toTold(message, alert)),
  );
}

function toTold(message: IncidentMessage, alert: MessageAlert): ToldAlert {
  const { incidentUrl, runbookUrl, incidentNumber, severity } = message;
  return {
    labels: {
      ...labelsOf(message),
      severity,
      incident: String(incidentNumber),
      alertname: alert.monitorName || "Plumbline",
      ...(alert.target === "" ? {} : { target: alert.target }),
    },
    annotations: {
      summary: textOf(alert.sentence || sayHeadline(message)),
      description: textOf(message.answer || sayHeadline(message)),
      ...(runbookUrl === null ? {} : { runbook_url: runbookUrl }),
    },
    startsAt: alert.startedAt,
    ...(incidentUrl === null ? {} : { generatorURL: incidentUrl }),
  };
}
