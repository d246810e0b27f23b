import type { z } from "zod";
import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";

export interface JobContext {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
  /** Aborts when the job has used up its time, or the process stops. */
  signal: AbortSignal;
  /** Nothing tries it again when this run fails. */
  isLastTry: boolean;
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
  run(ctx: JobContext, payload: z.output<P>): Promise<void>;
}

export function defineJob<P extends z.ZodObject>(job: Job<P>): Job<P> {
  return job;
}
