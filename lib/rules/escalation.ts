import { formatDuration } from "#lib/charts/format-number.ts";
import type { EscalationLevel, EscalationSnapshot } from "#lib/domain/escalation.ts";
import { minuteMs } from "./wall-clock.ts";

/** How far the pages of one incident have come. */
export interface EscalationProgress {
  /** When it was triggered, or reopened. */
  startedAt: Date;
  /** Levels that were paged since. */
  stepCount: number;
  /** When the last of them was; null before the first, and again once an acknowledgement was taken back. */
  lastStepAt: Date | null;
  /** When it was last acknowledged, or heard of from whoever did; null while it is triggered. */
  acknowledgedAt: Date | null;
  /** Mitigated, resolved, closed or merged. */
  isOver: boolean;
  /** All that fires in it is silenced now: what runs is held, and goes on from there when the silence ends. */
  isSilenced: boolean;
}

/** What is due. `held`: something is, and waits for the end of the silence. `exhausted`: everyone was paged as often as the policy
 *  says, and nobody acknowledged. */
export type Escalation =
  | { kind: "wait"; untilTime: Date }
  | { kind: "page"; step: number; level: EscalationLevel; reason: string }
  /** Back to triggered, with a reminder: its pages go on from `stepCount`, at once. */
  | { kind: "unacknowledge"; stepCount: number; reason: string }
  | { kind: "held" }
  | { kind: "exhausted" }
  | { kind: "stopped" };

/** What the escalation of an incident does next. An acknowledgement stops it; one that nothing follows in time is taken back, and
 *  whoever was paged last is paged again. Waits count from the page before, so that a stop of the worker skips nobody. */
export function nextEscalation(
  snapshot: EscalationSnapshot,
  progress: EscalationProgress,
  now: Date,
): Escalation {
  const { levels, repeatCount, ackTimeoutMinutes } = snapshot.rules;
  const { acknowledgedAt, stepCount } = progress;
  if (progress.isOver) return { kind: "stopped" };
  if (acknowledgedAt !== null) {
    if (ackTimeoutMinutes === null) return { kind: "stopped" };
    const untilTime = minutesAfter(acknowledgedAt, ackTimeoutMinutes);
    if (untilTime > now) return { kind: "wait", untilTime };
    if (progress.isSilenced) return { kind: "held" };
    const since = formatDuration(ackTimeoutMinutes * minuteMs);
    const reason = `acknowledged ${since} ago, and nothing was heard since`;
    return { kind: "unacknowledge", stepCount: Math.max(0, stepCount - 1), reason };
  }
  const level = levels[stepCount % levels.length];
  if (level === undefined || stepCount >= levels.length * (repeatCount + 1))
    return { kind: "exhausted" };
  const dueTime = dueAt(levels, progress);
  if (dueTime > now) return { kind: "wait", untilTime: dueTime };
  if (progress.isSilenced) return { kind: "held" };
  return { kind: "page", step: stepCount, level, reason: sayWhy(levels, stepCount) };
}

function dueAt(levels: readonly EscalationLevel[], progress: EscalationProgress): Date {
  const { stepCount, lastStepAt, startedAt } = progress;
  if (stepCount === 0 || lastStepAt === null) return startedAt;
  const before = levels[(stepCount - 1) % levels.length];
  return minutesAfter(lastStepAt, before?.waitMinutes ?? 0);
}

function sayWhy(levels: readonly EscalationLevel[], step: number): string {
  if (step === 0) return "level 1";
  const level = `level ${(step % levels.length) + 1}`;
  const waited = levels[(step - 1) % levels.length]?.waitMinutes ?? 0;
  const round = Math.floor(step / levels.length);
  const again = round === 0 ? "" : `, round ${round + 1}`;
  return `${level}${again}: nobody acknowledged within ${formatDuration(waited * minuteMs)}`;
}

const minutesAfter = (time: Date, minutes: number): Date =>
  new Date(time.getTime() + minutes * minuteMs);
