import type { ArrivalAspect } from "#db/postgres/queries/arrival.ts";
import type { BucketAspect } from "#db/postgres/queries/dirty-buckets.ts";
import type { Grain } from "#lib/domain/grain.ts";
import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import { markArrivedHours } from "#lib/services/profile/mark-arrived-hours.ts";
import type { ClaimDone } from "#lib/services/profile/recompute-claim.ts";
import { recomputeClaim } from "#lib/services/profile/recompute-claim.ts";
import { startLoop } from "./start-loop.ts";

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
  const { log, idleMs = 1_000 } = options;
  const running = lanes.map((steps) =>
    startLoop({
      name: "profiles",
      log,
      idleMs,
      step: (stopping) => runSteps(steps, options, stopping),
    }),
  );
  return {
    async stop() {
      await Promise.all(running.map((loop) => loop.stop()));
    },
  };
}

async function runSteps(
  steps: readonly Step[],
  options: ProfileLoopOptions,
  stopping: AbortSignal,
): Promise<boolean> {
  let didWork = false;
  for (const step of steps) {
    if (stopping.aborted) break;
    didWork = (await take(step, options)) || didWork;
  }
  return didWork;
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
