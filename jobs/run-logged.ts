import { z } from "zod";
import { beginJobRun, finishJobRun, recordJobStep } from "#db/postgres/queries/job-run.ts";
import type { JobTrigger } from "#lib/domain/evaluation.ts";
import type { Stores } from "#lib/services/context.ts";
import type { JobOutcome, JobProgress } from "#lib/services/job/job-progress.ts";
import { sayError } from "#lib/services/job/say-error.ts";

export interface LogOptions {
  stores: Stores;
  now: () => Date;
  newId: () => string;
}

export interface LoggedRun {
  trigger: JobTrigger;
  progress: JobProgress;
}

const aliveMs = 10_000;

/** Whose a run is: what its payload names. */
const ownerSchema = z.object({
  workspaceId: z.uuid().nullable().default(null),
  modelId: z.uuid().nullable().default(null),
});

/** Does one run of a job and keeps what became of it. While it works its line says so every ten seconds: one that fell silent
 *  belongs to a worker that is gone. */
export async function runLogged<T extends object>(
  job: { name: string; key: (payload: T) => string },
  payload: T,
  { stores, now, newId }: LogOptions,
  work: (run: LoggedRun) => Promise<JobOutcome | undefined>,
): Promise<void> {
  const pg = stores.postgres.db;
  const key = { name: job.name, subject: job.key(payload), ...ownerSchema.parse(payload) };
  const { id, trigger } = await beginJobRun(pg, key, { id: newId(), now: now() });
  const timer = setInterval(() => {
    recordJobStep(pg, id, {}, now()).catch(() => undefined);
  }, aliveMs);
  try {
    const outcome = await work({ trigger, progress: (step) => recordJobStep(pg, id, step, now()) });
    const { state = "done", detail = "" } = outcome ?? {};
    await finishJobRun(pg, id, { state, detail, finishedAt: now() });
  } catch (error) {
    await finishJobRun(pg, id, { state: "failed", error: sayError(error), finishedAt: now() });
    throw error;
  } finally {
    clearInterval(timer);
  }
}
