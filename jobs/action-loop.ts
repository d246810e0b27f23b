import type { Logger } from "#lib/log.ts";
import type { ActionWorker } from "#lib/services/action/advance-runs.ts";
import { advanceRuns } from "#lib/services/action/advance-runs.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

const idleMs = 500;
/** So that an endpoint that takes its minute keeps no other run waiting. */
const lanes = 4;

/** Checks, sends and verifies runs of actions, several at once, each in its own lane. */
export function startActionLoop({ worker, log }: { worker: ActionWorker; log: Logger }): Loop {
  const loops = Array.from({ length: lanes }, () =>
    startLoop({ name: "actions", log, idleMs, step: () => advanceRuns(worker) }),
  );
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
