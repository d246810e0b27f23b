import type { Logger } from "#lib/log.ts";
import type { Heartbeat, HeartbeatContext } from "#lib/services/notification/send-heartbeat.ts";
import { sendHeartbeat } from "#lib/services/notification/send-heartbeat.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface HeartbeatLoopOptions extends Omit<HeartbeatContext, "now"> {
  log: Logger;
  now: () => Date;
  onDone(heartbeat: Heartbeat): void;
}

const idleMs = 60_000;

/** Once a minute, the first one a minute after the start, when what a stop left behind had its time. */
export function startHeartbeatLoop({ log, now, onDone, ...context }: HeartbeatLoopOptions): Loop {
  let isFirst = true;
  return startLoop({
    name: "heartbeat",
    log,
    idleMs,
    async step() {
      if (isFirst) {
        isFirst = false;
        return false;
      }
      const heartbeat = await sendHeartbeat({ ...context, now: now() });
      if (heartbeat.kind !== "sent") log.error({ heartbeat }, "no heartbeat was sent");
      onDone(heartbeat);
      return false;
    },
  });
}
