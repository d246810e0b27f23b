import type { JobRun } from "#lib/api/job.ts";
import type { JobKind } from "#lib/domain/evaluation.ts";
import { jobKinds } from "#lib/domain/evaluation.ts";
import { formatDuration } from "./format-number.ts";
import { formatRelative } from "./format-time.ts";
import { jobKindNames } from "./name-job.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

export type NewestRuns = Readonly<Record<JobKind, JobRun | null>>;

/** Is everything of a model evaluated, and if not, what went wrong? */
export function prepareJobAnswer(model: string, newest: NewestRuns, nowMs: number): Answer {
  const known = jobKinds.flatMap((kind) => {
    const run = newest[kind];
    return run === null ? [] : [{ kind, run }];
  });
  const failed = known.filter(({ run }) => run.state === "failed");
  const running = known.filter(({ run }) => run.state === "running" || run.state === "queued");
  const [first] = failed;
  if (first !== undefined)
    return {
      health: "watch",
      headline: sentence`The newest ${plural(failed.length, "run", "runs")} of ${name(failed.map(({ kind }) => jobKindNames[kind]).join(", "))} failed; the figures of before stand.`,
      detail: sentence`${first.run.error ?? "It did not say why"}.`,
    };
  if (known.length === 0)
    return {
      health: "unknown",
      headline: sentence`${name(model)} has not been evaluated yet.`,
      detail: sentence`Every model with rows is evaluated every five minutes, and when its rows or labels change.`,
    };
  const ended = known.filter(({ run }) => run.finishedAt !== null);
  const latestMs = Math.max(...ended.map(({ run }) => Date.parse(run.finishedAt ?? "")));
  return {
    health: "healthy",
    headline:
      running.length === 0
        ? sentence`Every evaluation of ${name(model)} went through; the newest ended ${figure(formatRelative(latestMs, nowMs))}.`
        : sentence`${figure(String(running.length))} ${plural(running.length, "evaluation", "evaluations")} of ${name(model)} ${plural(running.length, "is", "are")} under way, none of the newest failed.`,
    detail: sentence`Drift, quality, freshness and volume are evaluated every five minutes, performance when rows or labels change a day, all features together once a day.`,
  };
}

/** "4 windows evaluated.": what a run did, is doing, or why it failed. */
export function describeRun(run: JobRun): Sentence {
  if (run.state === "running")
    return run.isSilent
      ? sentence`Its worker has not been heard of for a minute; another one goes on.`
      : sentence`${figure(run.totalCount === null ? String(run.doneCount) : `${run.doneCount} of ${run.totalCount}`)} done.`;
  if (run.state === "queued") return sentence`Waits for the worker, which looks every two seconds.`;
  if (run.state === "failed") return sentence`${run.error ?? run.detail}`;
  if (run.windows === null) return sentence`${run.detail}`;
  const { count } = run.windows;
  const said = run.detail === "" ? "" : ` ${run.detail}`;
  return sentence`${figure(String(count))} ${plural(count, "window")} evaluated.${said}`;
}

export const runDuration = ({ startedAt, finishedAt }: JobRun): number | null =>
  finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);

/** "done 4 min ago in 0.4 s". */
export function sayNewestRun(run: JobRun | null, nowMs: number): string {
  if (run === null) return "has not run yet";
  if (run.state === "queued") return "waits for the worker";
  if (run.state === "running")
    return run.totalCount === null || run.totalCount === 0
      ? "running"
      : `running, ${run.doneCount} of ${run.totalCount}`;
  const ago = formatRelative(Date.parse(run.finishedAt ?? run.startedAt), nowMs);
  return `${run.state} ${ago} in ${formatDuration(runDuration(run))}`;
}
