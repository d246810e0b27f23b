import { claimRefresh, settleRefresh } from "#db/postgres/queries/alert-refresh.ts";
import { redactText } from "#lib/notify/redact-text.ts";
import { firesForMs, lasting } from "#lib/notify/render-alertmanager-alerts.ts";
import { sendAlertmanager } from "#lib/notify/send-alertmanager.ts";
import { openSettings } from "../destination/open-settings.ts";
import type { DeliveryContext } from "./deliver-notification.ts";
import { openThread, threadPlaceOf } from "./open-thread.ts";

/** Five times before an alert would end by itself. */
const refreshMs = firesForMs / 6;
const sendMsMax = 25_000;
const leaseMs = 30_000;

export interface Refreshed {
  destinationId: string;
  alertCount: number;
  /** Null: all arrived. */
  failure: string | null;
}

/** Tells one Alertmanager again what still fires there, before it ends by itself; null when nothing is due. It is the only sender
 *  there meanwhile, so that nothing that was just taken back is told again. */
export async function refreshAlerts({
  postgres,
  sealer,
  guard,
  now,
  workspaceId,
}: DeliveryContext): Promise<Refreshed | null> {
  const claim = await postgres.transaction((tx) =>
    claimRefresh(tx, {
      now: now(),
      toldBefore: new Date(now().getTime() - refreshMs),
      leaseMs,
      workspaceId,
    }),
  );
  if (claim === null) return null;
  const { destination, threads } = claim;
  let alertCount = 0;
  let failure: string | null = null;
  try {
    const { kind, settings } = openSettings(sealer, destination);
    if (kind !== "alertmanager") throw new Error("Only Alertmanager is told again.");
    const told = threads.flatMap(({ incidentId, sealed }) => {
      const thread = openThread(sealer, sealed, threadPlaceOf(incidentId, destination.id));
      return thread.kind === "alertmanager" ? thread.told : [];
    });
    alertCount = told.length;
    const alerts = told.map((alert) => lasting(alert, now(), firesForMs));
    const outcome = await sendAlertmanager(settings, alerts, {
      now: now(),
      guard: { ...guard, signal: AbortSignal.timeout(sendMsMax) },
    });
    if (outcome.kind !== "sent")
      failure = redactText(`Not told again: ${outcome.text}`, [
        settings.url,
        ...(settings.bearerToken === undefined ? [] : [settings.bearerToken]),
      ]);
  } catch (error) {
    failure = redactText(`Not told again: ${error instanceof Error ? error.message : "unknown"}`);
  }
  await postgres.transaction((tx) => settleRefresh(tx, claim, { now: now(), failure }));
  return { destinationId: destination.id, alertCount, failure };
}
