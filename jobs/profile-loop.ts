import type { ArrivalAspect } from "#db/postgres/queries/arrival.ts";
import type { BucketAspect } from "#db/postgres/queries/dirty-buckets.ts";
import type { Grain } from "#lib/domain/grain.ts";
import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import { markArrivedHours } from "#lib/services/profile/mark-arrived-hours.ts";
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

type Step =
  | { kind: "buckets"; aspect: BucketAspect; grain: Grain }
  /** From labels and offline features to the hours that they change. */
  | { kind: "arrivals"; aspect: ArrivalAspect };

/** Lanes, so that buckets of the last minutes never wait for an hour of a large model, nor for the rows that
 *  are joined with it late. */
const lanes: readonly (readonly Step[])[] = [
  [{ kind: "buckets", aspect: "profile", grain: "5m" }],
  [
    { kind: "buckets", aspect: "profile", grain: "1h" },
    { kind: "buckets", aspect: "profile", grain: "1d" },
  ],
  [
    { kind: "arrivals", aspect: "performance" },
    { kind: "buckets", aspect: "performance", grain: "1h" },
    { kind: "buckets", aspect: "performance", grain: "1d" },
    { kind: "arrivals", aspect: "skew" },
    { kind: "buckets", aspect: "skew", grain: "1h" },
    { kind: "buckets", aspect: "skew", grain: "1d" },
  ],
];

export function startProfileLoop(options: ProfileLoopOptions): ProfileLoop {
  const stopping = new AbortController();
  const running = lanes.map((steps) => runLane(steps, options, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function runLane(
  steps: readonly Step[],
  options: ProfileLoopOptions,
  stopping: AbortSignal,
): Promise<void> {
  const idleMs = options.idleMs ?? 1_000;
  while (!stopping.aborted) {
    let didWork = false;
    for (const step of steps) {
      if (stopping.aborted) return;
      didWork = (await take(step, options)) || didWork;
    }
    if (!didWork) await pause(idleMs, stopping);
  }
}

async function take(step: Step, options: ProfileLoopOptions): Promise<boolean> {
  try {
    switch (step.kind) {
      case "buckets":
        return await recompute(step, options);
      case "arrivals":
        return await findHours(step, options);
    }
  } catch (error) {
    options.log.error({ step, err: error }, "the profile loop failed; it goes on");
    return false;
  }
}

async function recompute(
  { aspect, grain }: { aspect: BucketAspect; grain: Grain },
  { stores, log, now, newId, onDone }: ProfileLoopOptions,
): Promise<boolean> {
  const startedMs = performance.now();
  const done = await recomputeClaim({
    stores,
    aspect,
    grain,
    now,
    newId,
    onFailure: ({ claim, fromTime, untilTime, error }) =>
      log.error(
        { modelId: claim.modelId, aspect, grain, fromTime, untilTime, err: error },
        "buckets could not be recomputed",
      ),
  });
  if (done === null) return false;
  await onDone(done, (performance.now() - startedMs) / 1000);
  return true;
}

async function findHours(
  { aspect }: { aspect: ArrivalAspect },
  { stores, log, now }: ProfileLoopOptions,
): Promise<boolean> {
  const found = await markArrivedHours({
    stores,
    aspect,
    now,
    onFailure: ({ modelId, error }) =>
      log.error({ modelId, aspect, err: error }, "the hours of late rows could not be found"),
  });
  return found !== null;
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
