import type { z } from "zod";
import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import type { JobOutcome, JobProgress } from "#lib/services/job/job-progress.ts";

export interface JobContext {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
  /** Aborts when the job has used up its time, or the process stops. */
  signal: AbortSignal;
  /** Nothing tries it again when this run fails. */
  isLastTry: boolean;
  /** Somebody asked for this run: what was judged already is judged again. */
  isRequested: boolean;
  /** Kept in the run's log while it runs. */
  progress: JobProgress;
  enqueue<P extends z.ZodObject>(job: Job<P>, payload: z.input<P>): Promise<boolean>;
}

/** A thing that happens on its own. Safe to run twice: the second run changes nothing. */
export interface Job<P extends z.ZodObject> {
  name: string;
  payload: P;
  /** Five fields, UTC; null when it is only enqueued. A job with a cron takes no payload. */
  cron: string | null;
  /** One at a time per key. */
  key: (payload: z.output<P>) => string;
  timeoutMs: number;
  retriesMax: number;
  concurrency?: number;
  /** Its run is not logged here: what it calls does so. */
  isLoggedInside?: boolean;
  run(ctx: JobContext, payload: z.output<P>): Promise<JobOutcome | undefined>;
}

export function defineJob<P extends z.ZodObject>(job: Job<P>): Job<P> {
  return job;
}
