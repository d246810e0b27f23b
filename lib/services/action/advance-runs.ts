import type { ActionRunRow } from "#db/postgres/queries/action-run.ts";
import { countRunsSince, takeDueRun } from "#db/postgres/queries/action-run.ts";
import { findIncidentRow, lockWriter } from "#db/postgres/queries/incident.ts";
import type { CheckResult } from "#lib/domain/action.ts";
import type { GuardOptions } from "#lib/notify/guarded-fetch.ts";
import { judgeLimits } from "#lib/rules/judge-run-limits.ts";
import type { CallContext, Stores } from "../context.ts";
import type { SecretSealer } from "../destination/seal-secret.ts";
import type { RunScope } from "./change-run.ts";
import { actionWorker, changeRun } from "./change-run.ts";
import { writerOfAction } from "./create-run.ts";
import { runChecks } from "./run-checks.ts";
import { sendRun } from "./send-run.ts";
import { verifyRun } from "./verify-run.ts";

export interface ActionWorker extends Stores {
  sealer: SecretSealer;
  guard: GuardOptions;
  now: () => Date;
  newId: () => string;
  /** Only this one's. */
  workspaceId?: string | undefined;
  /** Between two steps of sending: for tests that end the worker there. */
  onStep?: (step: "claimed" | "marked" | "answered") => void;
}

/** Longer than checks may take; a run whose worker ended is due again after it. */
const holdMs = 90_000;

/** Takes the run that is due longest one step further. False: none is due. */
export async function advanceRuns(worker: ActionWorker): Promise<boolean> {
  const { postgres, now, workspaceId } = worker;
  const at = now();
  const until = new Date(at.getTime() + holdMs);
  const run = await postgres.transaction((tx) => takeDueRun(tx, { now: at, until, workspaceId }));
  if (run === null) return false;
  await advanceRun(worker, run);
  return true;
}

async function advanceRun(worker: ActionWorker, run: ActionRunRow): Promise<void> {
  const change = (event: Parameters<typeof changeRun>[2]) =>
    worker.postgres.transaction((tx) =>
      changeRun(scopeOf(worker, run, tx), run.id, event, actionWorker),
    );
  switch (run.state) {
    case "requested":
      return checkRun(worker, run);
    case "waiting_for_approval":
      await change({ kind: "expire" });
      return;
    case "approved":
      if (await isHeldBack(worker, run)) return;
      if (run.mode === "dry_run") await change({ kind: "rehearse" });
      else await sendRun(worker, run);
      return;
    case "sending":
      await worker.postgres.transaction((tx) =>
        changeRun(
          scopeOf(worker, run, tx),
          run.id,
          // Read under the lock: it may have been marked since.
          { kind: "lost", wasSent: run.sentAt !== null },
          actionWorker,
          (locked) =>
            locked.attempt !== run.attempt ||
            locked.sentAt?.getTime() !== run.sentAt?.getTime() ||
            (locked.claimUntil !== null && locked.claimUntil > worker.now())
              ? null
              : { claimUntil: null },
        ),
      );
      return;
    case "running":
      await change({ kind: "report_overdue" });
      return;
    case "verifying":
      return verifyRun(worker, run);
    case "checks_failed":
    case "succeeded":
    case "failed":
    case "outcome_unknown":
    case "verified":
    case "not_verified":
    case "verification_impossible":
    case "rehearsed":
    case "declined":
    case "cancelled":
    case "expired":
      // Never due.
      return;
  }
}

/** Somebody took a while to approve it: what was checked then is checked again, before anything leaves. */
async function isHeldBack(worker: ActionWorker, run: ActionRunRow): Promise<boolean> {
  const { workspaceId, definition, incidentId } = run;
  if (run.mode === "test" || run.attempt > 0 || definition.approval === "none") return false;
  const { postgres } = worker;
  const scope = { pg: postgres.db, workspaceId };
  const incident = incidentId === null ? null : await findIncidentRow(scope, { id: incidentId });
  const checks = await runChecks(jobCall(worker, workspaceId), definition.checks, incident);
  const { step } = await postgres.transaction((tx) =>
    changeRun(
      scopeOf(worker, run, tx),
      run.id,
      { kind: "rechecked", checks },
      actionWorker,
      (locked) => ({ checks: replaceChecks(locked.checks, checks) }),
    ),
  );
  return step.kind === "changed";
}

const replaceChecks = (before: readonly CheckResult[], after: readonly CheckResult[]) => [
  ...after,
  ...before.filter(({ name }) => !after.some((each) => each.name === name)),
];

const scopeOf = (worker: ActionWorker, run: ActionRunRow, pg: RunScope["pg"]): RunScope => ({
  pg,
  workspaceId: run.workspaceId,
  now: worker.now(),
  publicUrl: worker.publicUrl,
});

const dayMs = 86_400_000;

async function checkRun(worker: ActionWorker, run: ActionRunRow): Promise<void> {
  const { postgres } = worker;
  const { workspaceId, definition } = run;
  const call = jobCall(worker, workspaceId);
  const scope = { pg: postgres.db, workspaceId };
  const incident =
    run.incidentId === null ? null : await findIncidentRow(scope, { id: run.incidentId });
  const isTest = run.mode === "test";
  const asked: CheckResult[] = isTest ? [] : await runChecks(call, definition.checks, incident);
  await postgres.transaction(async (tx) => {
    const inside = scopeOf(worker, run, tx);
    // Two that are checked at once must not both find that there was none.
    await lockWriter(tx, writerOfAction(run.actionId));
    const limits = isTest ? [] : await checkLimits(inside, run);
    const checks = [...asked, ...limits];
    await changeRun(inside, run.id, { kind: "checked", checks }, actionWorker, (locked) =>
      locked.state === "requested" ? { checks } : null,
    );
  });
}

async function checkLimits(scope: RunScope, run: ActionRunRow): Promise<CheckResult[]> {
  const { coolDownMinutes, dailyMax } = run.definition;
  const since = (ms: number) => new Date(scope.now.getTime() - ms);
  const count = (ms: number) =>
    countRunsSince(scope, { actionId: run.actionId, since: since(ms), exceptRunId: run.id });
  const cooling = await count(coolDownMinutes * 60_000);
  const daily = await count(dayMs);
  return judgeLimits({
    coolDownMinutes,
    dailyMax,
    lastAt: cooling.lastAt,
    dailyCount: daily.runCount,
  });
}

/** The worker's own call, as services take it. */
export function jobCall(worker: Stores & { now: () => Date }, workspaceId: string): CallContext {
  const { postgres, clickhouse, publicUrl, outgoing, now } = worker;
  return {
    postgres,
    clickhouse,
    publicUrl,
    outgoing,
    workspaceId,
    actor: { kind: "job", name: actionWorker.name },
    now: now(),
  };
}
