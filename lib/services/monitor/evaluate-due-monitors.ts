import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { insertEvaluations } from "#db/clickhouse/inserts/evaluation-rows.ts";
import type { Postgres } from "#db/postgres/client.ts";
import type { MonitorRow } from "#db/postgres/queries/monitor.ts";
import { findMonitorForAlerting, updateMonitorRow } from "#db/postgres/queries/monitor.ts";
import type { ClaimedWindow, WindowClaim } from "#db/postgres/queries/monitor-window.ts";
import {
  claimMonitorWindows,
  lockDueMonitors,
  openMonitorWindows,
  postponeMonitorWindows,
  settleMonitorWindow,
  upsertMonitorSeries,
} from "#db/postgres/queries/monitor-window.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import type { SeriesOutcome } from "#lib/domain/monitor.ts";
import { seriesKeyOf } from "#lib/domain/monitor.ts";
import { planWindows } from "#lib/rules/plan-windows.ts";
import type { Stores } from "../context.ts";
import { sayError } from "../job/say-error.ts";
import { badness } from "./backtest.ts";
import { findWaiting, isReadable, readLacks } from "./find-waiting.ts";
import { freezeMonitor } from "./freeze-monitor.ts";
import { readMonitorWindows } from "./read-monitor-windows.ts";
import { questionOf } from "./to-question.ts";
import type { ReadContext } from "./watch.ts";
import { resolveWatch } from "./watch.ts";

/** What becomes of a monitor's answers, in the transaction that keeps them. */
export type ApplyOutcomes = (
  tx: Postgres,
  monitor: {
    workspaceId: string;
    monitorId: string;
    now: Date;
    newId: () => string;
    /** Grows with every evaluation of the same window. */
    revision: number;
    /** Takes the evidence of a series whose alert begins to fire. */
    freeze: (outcome: SeriesOutcome) => Promise<FrozenEvidence>;
  },
  outcomes: SeriesOutcome[],
) => Promise<unknown>;

export interface EvaluateDueOptions {
  stores: Stores;
  now: () => Date;
  newId: () => string;
  applyOutcomes: ApplyOutcomes;
  /** An evaluation that could not be made. */
  onFailure(failure: { monitorId: string; windowUntil: Date; error: unknown }): void;
  signal?: AbortSignal | undefined;
  /** Only this model's. */
  modelId?: string;
}

const openedMax = 100;
/** What ended so long ago is asked about again when nothing newer is due. */
const recentMs = 2 * 86_400_000;
/** Of one claim; what is left over is still due, and the next claim takes it. */
const windowsMax = 24;
/** Longer than the slowest evaluation may take. */
const leaseMs = 120_000;
/** Rows that came just before a window's end are in its profiles within a minute, in those of an hour within two. */
const waitMsMax = 120_000;
const waitStepMs = 2_000;
/** Where rows are counted to know. */
const countStepMs = 10_000;
/** An evaluation that fails is tried again this often before its failure stands. */
const attemptsMax = 3;
const attemptStepMs = 5_000;

/** Opens what has become due, then evaluates the due windows of one monitor, oldest first. False: there was nothing to do. */
export async function evaluateDueMonitors(options: EvaluateDueOptions): Promise<boolean> {
  const opened = await openDueMonitors(options);
  const at = options.now();
  const claim = await claimMonitorWindows(options.stores.postgres.db, {
    now: at,
    recentFrom: new Date(at.getTime() - recentMs),
    leaseMs,
    windowsMax,
    modelId: options.modelId,
  });
  if (claim === null) return opened > 0;
  await evaluateClaim(options, claim);
  return true;
}

async function openDueMonitors({
  stores,
  now,
  modelId: only,
}: EvaluateDueOptions): Promise<number> {
  return stores.postgres.transaction(async (tx) => {
    const due = await lockDueMonitors(tx, { now: now(), countMax: openedMax, modelId: only });
    for (const { workspaceId, monitorId, modelId, nextWindowUntil } of due) {
      const monitor = await findMonitorForAlerting(tx, workspaceId, monitorId);
      if (monitor === null) continue;
      const plan = planWindows(nextWindowUntil, monitor.definition, now());
      await openMonitorWindows(tx, { workspaceId, monitorId, modelId, now: now() }, plan.windows);
      await updateMonitorRow({ pg: tx, workspaceId }, monitorId, {
        nextWindowUntil: plan.nextUntil,
        dueAt: plan.dueAt,
        ...(plan.skippedUntil === null
          ? {}
          : {
              skippedCount: monitor.skippedCount + plan.skippedCount,
              skippedUntil: plan.skippedUntil,
            }),
      });
    }
    return due.length;
  });
}

async function evaluateClaim(options: EvaluateDueOptions, claim: WindowClaim): Promise<void> {
  const { stores, now, signal } = options;
  const { workspaceId, monitorId } = claim;
  const pg = stores.postgres.db;
  const monitor = await findMonitorForAlerting(pg, workspaceId, monitorId);
  if (monitor === null) return;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  let ready: readonly ClaimedWindow[] = claim.windows;
  let outcomes: SeriesOutcome[][];
  try {
    ready = await postponeWaiting(ctx, options, monitor, claim.windows);
    if (ready.length === 0) return;
    const ask = { modelId: monitor.modelId, question: questionOf(monitor), now: now() };
    outcomes = await readMonitorWindows(ctx, ask, ready);
  } catch (error) {
    // A run that was stopped found out nothing.
    if (signal?.aborted === true) throw error;
    return standFailure(options, monitor, ready, error);
  }
  for (const [i, window] of ready.entries()) {
    signal?.throwIfAborted();
    try {
      await keep(options, monitor, window, outcomes[i] ?? []);
    } catch (error) {
      options.onFailure({ monitorId, windowUntil: window.untilTime, error });
      // Its successors wait for it: windows are applied in their order.
      const dueAt = new Date(now().getTime() + attemptStepMs);
      await postponeMonitorWindows(pg, monitorId, ready.slice(i), { dueAt, isAttempt: true });
      return;
    }
  }
}

/** Gives back, from the first one on, what must wait: for the profiles of rows that came before a window was due, and not for long. What comes
 *  later has a window asked again; where rows or labels come in a stream something always waits, and a few rows of its older hours hold up no window. */
async function postponeWaiting(
  ctx: ReadContext,
  { now }: EvaluateDueOptions,
  monitor: MonitorRow,
  windows: readonly ClaimedWindow[],
): Promise<readonly ClaimedWindow[]> {
  const { kind, modelId, definition, id } = monitor;
  const at = now();
  const waiting = await findWaiting(ctx, { modelId, kind, now: at }, windows);
  const waitingFor = windows.map((window) => {
    const settledMs = window.untilTime.getTime() + definition.settleSeconds * 1_000;
    if (at.getTime() >= settledMs + waitMsMax) return "nothing";
    return waiting(window, new Date(settledMs));
  });
  const isUnreadable = waitingFor.includes("coarser")
    ? await findUnreadable(ctx, monitor, at, windows)
    : () => false;
  const first = windows.findIndex(
    (window, i) =>
      waitingFor[i] === "five minutes" || (waitingFor[i] === "coarser" && isUnreadable(window)),
  );
  if (first === -1) return windows;
  const stepMs = waitingFor[first] === "coarser" ? countStepMs : waitStepMs;
  const dueAt = new Date(at.getTime() + stepMs);
  await postponeMonitorWindows(ctx.pg, id, windows.slice(first), { dueAt, isAttempt: false });
  return windows.slice(0, first);
}

/** Which windows lack too many rows to say anything yet. */
async function findUnreadable(
  ctx: ReadContext,
  monitor: MonitorRow,
  now: Date,
  windows: readonly ClaimedWindow[],
): Promise<(window: ClaimedWindow) => boolean> {
  const ask = { modelId: monitor.modelId, question: questionOf(monitor), now };
  const watch = await resolveWatch(ctx, ask);
  const lackOf = await readLacks(ctx, watch, windows);
  return (window) => !isReadable(watch, window, lackOf);
}

/** A failure is tried again, and then it is what came of the window: never "ok", and never silence. */
async function standFailure(
  options: EvaluateDueOptions,
  monitor: MonitorRow,
  windows: readonly ClaimedWindow[],
  error: unknown,
): Promise<void> {
  const { stores, now, onFailure } = options;
  const [first] = windows;
  if (first === undefined) return;
  onFailure({ monitorId: monitor.id, windowUntil: first.untilTime, error });
  const tried = first.attempts + 1;
  if (tried < attemptsMax && !(error instanceof AppError)) {
    const dueAt = new Date(now().getTime() + attemptStepMs * tried);
    await postponeMonitorWindows(stores.postgres.db, monitor.id, windows, {
      dueAt,
      isAttempt: true,
    });
    return;
  }
  const reason =
    error instanceof AppError ? error.message : `could not be evaluated: ${sayError(error)}`;
  for (const window of windows)
    await keep(options, monitor, window, [failed(monitor, window, reason)]);
}

function failed(
  { environment, version }: MonitorRow,
  { fromTime, untilTime }: ClaimedWindow,
  reason: string,
): SeriesOutcome {
  return {
    series: {
      environment,
      version: version ?? "",
      subject: "model",
      column: "",
      segmentKey: "",
      segmentValue: "",
    },
    windowFrom: fromTime,
    windowUntil: untilTime,
    result: { kind: "failed", reason },
  };
}

/** The value of the worst series, and how many are beyond. */
function summarise(outcomes: readonly SeriesOutcome[]) {
  const results = outcomes.map(({ result }) => result);
  const known = results.filter((result) => result.kind === "value");
  const [worst] = known.toSorted((a, b) => badness(b) - badness(a));
  return {
    worstValue: worst?.value ?? null,
    firingCount: known.filter(({ judged }) => judged === "fire").length,
  };
}

/** The values go to the history first: written again they replace themselves, and nothing that alerting knows lacks there. */
async function keep(
  { stores, now, newId, applyOutcomes, signal }: EvaluateDueOptions,
  monitor: MonitorRow,
  window: ClaimedWindow,
  outcomes: SeriesOutcome[],
): Promise<void> {
  const { workspaceId, id: monitorId, revision } = monitor;
  const at = now();
  await insertEvaluations(stores.clickhouse, {
    workspaceId,
    monitorId,
    monitorRevision: revision,
    evaluatedAt: at,
    outcomes,
  });
  await stores.postgres.transaction(async (tx) => {
    // A definition that changed meanwhile asks something else: its own windows are opened by whoever changed it.
    const current = await findMonitorForAlerting(tx, workspaceId, monitorId);
    if (current === null) return;
    const came = { ...summarise(outcomes), now: at };
    if (!(await settleMonitorWindow(tx, monitorId, window, came))) return;
    await upsertMonitorSeries(
      tx,
      { workspaceId, monitorId, now: at },
      outcomes.map((outcome) => ({ ...outcome, seriesKey: seriesKeyOf(outcome.series) })),
    );
    await updateMonitorRow({ pg: tx, workspaceId }, monitorId, { evaluatedAt: at });
    if (!current.isEnabled || current.revision !== revision) return;
    const ch = scopeClickHouse(stores.clickhouse, workspaceId);
    const freeze = (outcome: SeriesOutcome) =>
      freezeMonitor({ pg: tx, ch, workspaceId, signal }, monitor, outcome, at);
    const alerting = {
      workspaceId,
      monitorId,
      now: at,
      newId,
      revision: window.generation,
      freeze,
    };
    await applyOutcomes(tx, alerting, outcomes);
  });
}
