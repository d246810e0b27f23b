import type { Postgres } from "#db/postgres/client.ts";
import type { DueWindow, EvaluationKey } from "#db/postgres/queries/evaluated-window.ts";
import { listDueWindows, settleWindow } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Stores } from "../context.ts";
import type { JobProgress } from "../job/job-progress.ts";
import { sayError } from "../job/say-error.ts";

/** What one window holds now: written in one transaction with the note that it has been evaluated. */
export interface WindowFinding {
  rowsRead: number;
  write(tx: Postgres): Promise<void>;
}

export interface EvaluateWindowsOptions {
  stores: Stores;
  key: EvaluationKey;
  now: Date;
  signal?: AbortSignal | undefined;
  progress?: JobProgress | undefined;
}

/** Windows of one run: what is left over is still due. */
const windowsMax = 200;
/** What happens now does not wait behind what late rows have changed of old. */
const recentMs = 2 * grainMs["1d"];

/** Evaluates what is due of a model, each window in a transaction of its own: a run that is cut off has kept what it did, and
 *  the next one goes on from there. A window that fails stays due and leaves the others alone. Answers how many were evaluated. */
export async function evaluateWindows(
  { stores, key, now, signal, progress }: EvaluateWindowsOptions,
  evaluate: (window: DueWindow) => Promise<WindowFinding>,
): Promise<number> {
  const recentFrom = new Date(now.getTime() - recentMs);
  const due = await listDueWindows(stores.postgres.db, key, {
    recentFrom,
    countMax: windowsMax,
    now,
  });
  await progress?.({ totalCount: due.length });
  const failures: string[] = [];
  for (const [i, window] of due.entries()) {
    signal?.throwIfAborted();
    let rowsRead = 0;
    try {
      const found = await evaluate(window);
      await stores.postgres.transaction(async (tx) => {
        if (await settleWindow(tx, key, window, now)) await found.write(tx);
      });
      rowsRead = found.rowsRead;
    } catch (error) {
      // A run that was stopped found out nothing.
      if (signal?.aborted === true) throw error;
      failures.push(`${window.untilTime.toISOString()}: ${sayError(error)}`);
    }
    await progress?.({ doneCount: i + 1, rowsRead, window });
  }
  if (failures.length > 0)
    throw new Error(
      `${failures.length} of ${due.length} windows could not be evaluated; the first, until ${failures[0]}`,
    );
  return due.length;
}
