import type { ClaimedNotification } from "#db/postgres/queries/notification-outbox.ts";
import type { Logger } from "#lib/log.ts";
import type {
  Delivered,
  DeliveryContext,
} from "#lib/services/notification/deliver-notification.ts";
import {
  deliverNotification,
  takeNotification,
} from "#lib/services/notification/deliver-notification.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface DeliveryLoopOptions {
  delivery: DeliveryContext;
  log: Logger;
  onDone(delivered: Delivered): void;
  idleMs?: number;
  /** To as many destinations at once. */
  concurrencyMax?: number;
}

/** Sends what waits in the outbox: one message at a time to each destination, to many destinations at once, so that none that is slow
 *  or throttled keeps another waiting. */
export function startDeliveryLoop(options: DeliveryLoopOptions): Loop {
  const { delivery, log, onDone, idleMs = 500, concurrencyMax = 16 } = options;
  const inFlight = new Set<Promise<void>>();

  /** A lane goes on while something is due, so that a burst does not wait for the loop's next look. */
  async function drain(first: ClaimedNotification, stopping: AbortSignal): Promise<void> {
    let claim: ClaimedNotification | null = first;
    while (claim !== null) {
      onDone(await deliverNotification(delivery, claim));
      claim = stopping.aborted ? null : await takeNotification(delivery);
    }
  }

  async function step(stopping: AbortSignal): Promise<boolean> {
    if (inFlight.size >= concurrencyMax) {
      await Promise.race(inFlight);
      return true;
    }
    const claim = await takeNotification(delivery);
    if (claim === null) return false;
    const lane = drain(claim, stopping)
      .catch((error: unknown) =>
        // The lease runs out, and it is sent again as one that may be a duplicate.
        log.error({ err: error }, "how a message went could not be kept"),
      )
      .finally(() => inFlight.delete(lane));
    inFlight.add(lane);
    return true;
  }

  const loop = startLoop({ name: "delivery", log, step, idleMs });
  return {
    async stop() {
      await loop.stop();
      await Promise.all(inFlight);
    },
  };
}
