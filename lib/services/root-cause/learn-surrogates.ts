import { setImmediate } from "node:timers/promises";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { listVersionsSeenSince } from "#db/postgres/queries/active-models.ts";
import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import { listFeatureRows } from "#db/postgres/queries/model.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import type { SurrogateRow } from "#db/postgres/queries/surrogate.ts";
import { listSurrogates, upsertSurrogate } from "#db/postgres/queries/surrogate.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Task } from "#lib/domain/model.ts";
import type { CauseTarget } from "#lib/domain/root-cause.ts";
import { pickRows } from "#lib/stats/multivariate/joint-columns.ts";
import { fitSurrogate } from "#lib/stats/root-cause/surrogate.ts";
import type { ServiceContext, Stores } from "../context.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { chooseMeasure, toTargets } from "./measure-outcomes.ts";
import type { OutcomeQuestion, Outcomes } from "./read-outcomes.ts";
import { readBaselineOutcomes, readWindowOutcomes } from "./read-outcomes.ts";

export interface LearnSurrogatesOptions {
  workspaceId: string;
  modelId: string;
  now: Date;
  signal?: AbortSignal;
}

const dayMs = grainMs["1d"];
const seenWithinMs = 2 * dayMs;
/** Of a version that no baseline speaks for: its own rows of so many days, learned anew as often. */
const loggedDays = 7;
/** To learn from more takes a worker longer than it makes a surrogate better. */
const rowsLearnedMax = 10_000;
const rowsLearnedMin = 500;

const targetsOf: Record<Task, readonly CauseTarget[]> = {
  regression: ["prediction", "performance"],
  binary: ["prediction", "decision", "performance"],
  multiclass: ["performance"],
  ranking: ["prediction"],
};

type Context = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

/** Learns to imitate every version of a model that was seen of late, from its baseline; what was learned already of that
 *  baseline is left alone, so that a second run changes nothing. */
export async function learnSurrogates(
  stores: Stores,
  { workspaceId, modelId, now, signal }: LearnSurrogatesOptions,
): Promise<void> {
  const pg = stores.postgres.db;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  const task = await findModelTask(pg, modelId);
  if (task === null) return;
  const types = new Map((await listFeatureRows(ctx, modelId)).map((row) => [row.name, row.type]));
  const since = new Date(now.getTime() - seenWithinMs);
  for (const { environment, version } of await listVersionsSeenSince(
    pg,
    workspaceId,
    modelId,
    since,
  )) {
    const baseline = await findActiveBaseline(ctx, modelId, version);
    const known = await listSurrogates(ctx, { modelId, environment, version });
    const key = { workspaceId, modelId, environment, version };
    for (const target of targetsOf[task]) {
      const held = known.find((row) => row.target === target);
      if (held !== undefined && isCurrent(held, task, baseline, now)) continue;
      const question = {
        modelId,
        types,
        // Free text is no category: hardly two rows share it.
        features: [...types.keys()].filter((name) => types.get(name) !== "text").sort(),
        segment: null,
        segmentKeys: [],
        isLabelled: target === "performance",
      };
      const learned = await learn(ctx, { key, question, task, target, baseline, now });
      await upsertSurrogate(pg, {
        ...key,
        target,
        task,
        baselineId: baseline?.id ?? null,
        computedAt: now,
        ...learned,
      });
    }
  }
}

function isCurrent(held: SurrogateRow, task: Task, baseline: BaselineRow | null, now: Date) {
  if (held.task !== task || held.baselineId !== (baseline?.id ?? null)) return false;
  return (
    held.learnedFrom === "baseline" ||
    now.getTime() - held.computedAt.getTime() < (held.surrogate === null ? 1 : loggedDays) * dayMs
  );
}

interface Lesson {
  key: { workspaceId: string; modelId: string; environment: string; version: string };
  question: OutcomeQuestion;
  task: Task;
  target: CauseTarget;
  baseline: BaselineRow | null;
  now: Date;
}

type Learned = Pick<SurrogateRow, "learnedFrom" | "measure" | "className" | "reason" | "surrogate">;

async function learn(ctx: Context, lesson: Lesson): Promise<Learned> {
  const { baseline, target } = lesson;
  const fromBaseline =
    baseline === null
      ? null
      : await teach(ctx, lesson, await readBaselineOutcomes(ctx, lesson.question, baseline));
  if (fromBaseline !== null && fromBaseline.surrogate !== null)
    return { ...fromBaseline, learnedFrom: "baseline" };
  // What went wrong is among the logged rows themselves: how right it was before is a baseline's to say.
  if (target === "performance") {
    const reason =
      baseline === null
        ? "there is no baseline with labels to learn from"
        : (fromBaseline?.reason ?? "");
    const none = { measure: "accuracy" as const, className: "", surrogate: null };
    return { ...none, ...fromBaseline, learnedFrom: "baseline", reason };
  }
  const { key, now } = lesson;
  const window = coverWindow(new Date(now.getTime() - loggedDays * dayMs), now, now);
  const logged = await readWindowOutcomes(ctx, lesson.question, key, window);
  return { ...(await teach(ctx, lesson, logged)), learnedFrom: "predictions" };
}

async function teach(
  ctx: Context,
  { task, target }: Lesson,
  outcomes: Outcomes,
): Promise<Omit<Learned, "learnedFrom">> {
  const rows = outcomes.rows.slice(0, rowsLearnedMax);
  const columns = pickRows(
    outcomes.columns,
    rows.map((_, i) => i),
  );
  const measure = chooseMeasure(task, target, rows);
  if (typeof measure === "string")
    return { measure: "value", className: "", reason: measure, surrogate: null };
  const targets = toTargets(rows, measure);
  const count = targets.filter((y) => y !== null && Number.isFinite(y)).length;
  const lack = (reason: string) => ({ ...measure, reason, surrogate: null });
  if (columns.length === 0) return lack("the model has no features");
  if (count < rowsLearnedMin)
    return lack(`${count} rows say it of themselves, ${rowsLearnedMin} needed`);
  const tick = async () => {
    ctx.signal?.throwIfAborted();
    await setImmediate();
  };
  const surrogate = await fitSurrogate(columns, targets, { tick });
  return surrogate === null ? lack("it never changes") : { ...measure, reason: "", surrogate };
}
