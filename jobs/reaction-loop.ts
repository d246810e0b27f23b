import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import { evaluateReactions } from "#lib/services/reaction/evaluate-reactions.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface ReactionLoopOptions {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
}

const idleMs = 2_000;

/** Asks reactions about what came to their state, every two seconds. */
export function startReactionLoop({ stores, log, now, newId }: ReactionLoopOptions): Loop {
  return startLoop({
    name: "reactions",
    log,
    idleMs,
    async step(signal) {
      await evaluateReactions({
        stores,
        now,
        newId,
        signal,
        onError: (error, what) =>
          log.error({ ...what, err: error }, "a reaction could not be asked; tried again"),
      });
      // What fails now is not tried again at once.
      return false;
    },
  });
}
