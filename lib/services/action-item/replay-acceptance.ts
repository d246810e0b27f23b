import { findIncidentRow } from "#db/postgres/queries/incident.ts";
import { findModelName } from "#db/postgres/queries/model.ts";
import { findMonitorRow } from "#db/postgres/queries/monitor.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { formatUtc } from "#lib/charts/format-time.ts";
import type { AcceptanceResult, AcceptanceTest } from "#lib/domain/action-item.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import type { ServiceContext } from "../context.ts";
import { impactMsOf, replayIncident } from "../monitor/replay-incident.ts";
import { questionOf } from "../monitor/to-question.ts";

type Context = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "now" | "signal">;

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** What an alert remembers, and what fires all the time, comes from before the impact. */
const runUpDaysMin = 7;

/** Whether a monitor, or settings, would have found an incident in time, by a replay of its stored history. */
export async function replayAcceptance(
  ctx: Context,
  test: AcceptanceTest,
): Promise<AcceptanceResult> {
  const base = {
    firedAt: null,
    deadline: null,
    ranAt: ctx.now.toISOString(),
    monitorRevision: null,
  };
  const cannotSay = (reason: string): AcceptanceResult => ({
    ...base,
    verdict: "cannot_say",
    sentence: `Cannot say: ${reason}.`,
  });
  const incident = await findIncidentRow(ctx, { number: test.incident });
  if (incident === null) return cannotSay(`there is no incident ${test.incident}`);
  const impactMs = impactMsOf(incident);
  if (impactMs === null || incident.impactStartedAt === null)
    return cannotSay("nobody has said when the impact began");
  const deadlineMs =
    test.detectBy.kind === "at"
      ? Date.parse(test.detectBy.at)
      : incident.impactStartedAt.getTime() + test.detectBy.minutes * minuteMs;
  const subject = await resolveSubject(ctx, test, incident);
  const known = {
    ...base,
    deadline: new Date(deadlineMs).toISOString(),
    monitorRevision: subject.revision,
  };
  if (subject.kind === "gone") return { ...known, verdict: "failed", sentence: subject.sentence };
  if (subject.kind === "unknown")
    return { ...cannotSay(subject.sentence), deadline: known.deadline };
  const { question, model } = subject;
  const cadenceDays = windowLengthMs[question.definition.cadence] / dayMs;
  const { verdict } = await replayIncident(ctx, {
    model,
    question,
    impactMs,
    deadlineMs,
    runUpDays: Math.max(runUpDaysMin, 3 * question.windowCount * cadenceDays),
    now: ctx.now,
  });
  const due = formatUtc(deadlineMs);
  switch (verdict.kind) {
    case "fired":
      return {
        ...known,
        verdict: "passed",
        firedAt: new Date(verdict.firedAtMs).toISOString(),
        sentence: `It would have fired at ${formatUtc(verdict.firedAtMs)}, ${formatDuration(verdict.firedAtMs - impactMs)} after the impact began; due was ${due}.`,
      };
    case "silent":
      return { ...known, verdict: "failed", sentence: `It would not have fired by ${due}.` };
    case "already":
      return {
        ...known,
        verdict: "failed",
        sentence: `It fired already at ${formatUtc(verdict.windowUntilMs)}, before the impact began, and would have told nobody anything new by ${due}.`,
      };
    case "cannot_say":
      return {
        ...cannotSay(verdict.reason.replace(/\.$/, "")),
        ...{ deadline: known.deadline, monitorRevision: known.monitorRevision },
      };
  }
}

type Subject =
  | {
      kind: "question";
      question: MonitorQuestion;
      model: { id: string; name: string };
      revision: number | null;
    }
  | { kind: "gone"; sentence: string; revision: number | null }
  | { kind: "unknown"; sentence: string; revision: null };

async function resolveSubject(
  ctx: Context,
  { subject }: AcceptanceTest,
  { modelId, modelName }: { modelId: string | null; modelName: string | null },
): Promise<Subject> {
  if (subject.kind === "settings")
    return modelId === null
      ? { kind: "unknown", sentence: "the incident names no model", revision: null }
      : {
          kind: "question",
          question: subject.question,
          model: { id: modelId, name: modelName ?? "" },
          revision: null,
        };
  const monitor = await findMonitorRow(ctx, subject.monitorId);
  if (monitor === null)
    return { kind: "gone", sentence: "Its monitor was deleted.", revision: null };
  const { revision, modelId: watchedId } = monitor;
  if (!monitor.isEnabled)
    return { kind: "gone", sentence: `Its monitor "${monitor.name}" is switched off.`, revision };
  const name = (await findModelName(ctx, watchedId)) ?? "";
  return {
    kind: "question",
    question: questionOf(monitor),
    model: { id: watchedId, name },
    revision,
  };
}
