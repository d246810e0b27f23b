import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import type { ReplayToJudge, ReplayVerdict } from "#lib/rules/judge-replay.ts";
import { judgeReplay } from "#lib/rules/judge-replay.ts";
import { isKept } from "../profile/cover-window.ts";
import type { Backtest } from "./backtest.ts";
import { backtest } from "./backtest.ts";
import { checkQuestion } from "./check-question.ts";
import type { ReadContext } from "./watch.ts";

export interface IncidentReplay {
  model: { id: string; name: string };
  question: MonitorQuestion;
  /** When the impact began, at the soonest. */
  impactMs: number;
  /** Until when it had to be told. */
  deadlineMs: number;
  /** History before the impact: what fires there is noise, and what an alert remembers comes from there. */
  runUpDays: number;
  now: Date;
}

export interface ReplayedIncident {
  verdict: ReplayVerdict;
  /** Null where it could not be replayed at all. */
  judged: ReplayToJudge | null;
  replay: Backtest | null;
}

const dayMs = 86_400_000;

/** An impact begins no sooner than the values allow, so that what fires within their bounds has found it. */
export const impactMsOf = ({ impactStartedAt, impactEarliest }: IncidentRow): number | null =>
  (impactEarliest ?? impactStartedAt)?.getTime() ?? null;

/** Replays a question over the stored history of an incident, by the backtest itself. */
export async function replayIncident(
  ctx: ReadContext,
  { model, question, impactMs, deadlineMs, runUpDays, now }: IncidentReplay,
): Promise<ReplayedIncident> {
  let seriesExpected: number;
  try {
    ({ seriesExpected } = await checkQuestion(ctx, model, question));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      verdict: { kind: "cannot_say", reason: error.message },
      judged: null,
      replay: null,
    };
  }
  const settleMs = question.definition.settleSeconds * 1_000;
  const untilMs = Math.min(deadlineMs, now.getTime()) - settleMs;
  const replay = await backtest(ctx, {
    modelId: model.id,
    question,
    seriesExpected,
    days: runUpDays + Math.max(0, untilMs - impactMs) / dayMs,
    until: new Date(untilMs),
    now,
  });
  const judged: ReplayToJudge = {
    windows: windowsOf(replay, now),
    firings: replay.series.flatMap(({ firings }) => firings),
    impactMs,
    deadlineMs,
    settleMs,
    cadenceMs: windowLengthMs[question.definition.cadence],
    nowMs: now.getTime(),
  };
  return { verdict: judgeReplay(judged), judged, replay };
}

function windowsOf({ series }: Backtest, now: Date): ReplayToJudge["windows"] {
  const found = new Map<number, { untilMs: number; hasValue: boolean; isKept: boolean }>();
  for (const { outcomes } of series)
    for (const { windowFrom, windowUntil, result } of outcomes) {
      const untilMs = windowUntil.getTime();
      const known = found.get(untilMs) ?? {
        untilMs,
        hasValue: false,
        isKept: isKept({ fromTime: windowFrom, untilTime: windowUntil }, now),
      };
      found.set(untilMs, { ...known, hasValue: known.hasValue || result.kind === "value" });
    }
  return [...found.values()].toSorted((a, b) => a.untilMs - b.untilMs);
}
