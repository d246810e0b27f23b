import type { Logger } from "#lib/log.ts";
import type { DeliveryContext } from "#lib/services/notification/deliver-notification.ts";
import { refreshAlerts } from "#lib/services/notification/refresh-alerts.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

const idleMs = 15_000;

/** Tells Alertmanagers again what still fires, so that nothing ends there by itself. */
export function startRefreshLoop(delivery: DeliveryContext, log: Logger): Loop {
  return startLoop({
    name: "refresh",
    log,
    idleMs,
    async step() {
      const refreshed = await refreshAlerts(delivery);
      if (refreshed?.failure != null)
        log.warn({ refreshed }, "an Alertmanager was not told again what fires");
      // One that fails is left alone for a moment.
      return refreshed !== null && refreshed.failure === null;
    },
  });
}
