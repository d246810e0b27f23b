import type { Logger } from "#lib/log.ts";
import { remindDueItems } from "#lib/services/action-item/remind-due-items.ts";
import { runDueTest } from "#lib/services/action-item/run-due-test.ts";
import type { Stores } from "#lib/services/context.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface ActionItemLoopOptions {
  stores: Stores;
  log: Logger;
  now: () => Date;
}

const idleMs = 5_000;

/** Reminds of action items, and runs again the acceptance tests whose monitors were changed. */
export function startActionItemLoop({ stores, log, now }: ActionItemLoopOptions): Loop {
  return startLoop({
    name: "action items",
    log,
    idleMs,
    async step(signal) {
      await remindDueItems(stores, {
        now: now(),
        onError: (error, what) =>
          log.error({ ...what, err: error }, "nobody could be reminded of an item; tried again"),
      });
      return runDueTest(stores, { now: now(), signal });
    },
  });
}
