import type { Grain } from "#lib/domain/grain.ts";
import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import type { ClaimDone } from "#lib/services/profile/recompute-claim.ts";
import { recomputeClaim } from "#lib/services/profile/recompute-claim.ts";

export interface ProfileLoopOptions {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
  onDone: (done: ClaimDone, seconds: number) => Promise<void>;
  idleMs?: number;
}

export interface ProfileLoop {
  /** Lets what is being recomputed end; what it had claimed and not begun becomes due when the claim runs out. */
  stop(): Promise<void>;
}

/** Two lanes, so that buckets of the last minutes never wait for an hour of a large model. */
const lanes: readonly (readonly Grain[])[] = [["5m"], ["1h", "1d"]];

export function startProfileLoop(options: ProfileLoopOptions): ProfileLoop {
  const stopping = new AbortController();
  const running = lanes.map((grains) => runLane(grains, options, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function runLane(
  grains: readonly Grain[],
  options: ProfileLoopOptions,
  stopping: AbortSignal,
): Promise<void> {
  const idleMs = options.idleMs ?? 1_000;
  while (!stopping.aborted) {
    let didWork = false;
    for (const grain of grains) {
      if (stopping.aborted) return;
      didWork = (await step(grain, options)) || didWork;
    }
    if (!didWork) await pause(idleMs, stopping);
  }
}

async function step(
  grain: Grain,
  { stores, log, now, newId, onDone }: ProfileLoopOptions,
): Promise<boolean> {
  const startedMs = performance.now();
  try {
    const done = await recomputeClaim({
      stores,
      grain,
      now,
      newId,
      onFailure: ({ claim, fromTime, untilTime, error }) =>
        log.error(
          { modelId: claim.modelId, grain, fromTime, untilTime, err: error },
          "profiles could not be recomputed",
        ),
    });
    if (done === null) return false;
    await onDone(done, (performance.now() - startedMs) / 1000);
    return true;
  } catch (error) {
    log.error({ grain, err: error }, "the profile loop failed; it goes on");
    return false;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
  });
}
