import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { listMonitorRows } from "#db/postgres/queries/monitor.ts";
import { updatePostmortemRow } from "#db/postgres/queries/postmortem.ts";
import { postmortemInput, replayDetectionOutput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import type { Detection, DetectionRow } from "#lib/domain/postmortem.ts";
import { countFalseAlerts } from "#lib/rules/judge-replay.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { impactMsOf, replayIncident } from "../monitor/replay-incident.ts";
import { questionOf } from "../monitor/to-question.ts";
import { getPostmortemFile, openForWriting } from "./get-postmortem-row.ts";

/** Replayed one after the other while somebody waits. */
const monitorsMax = 20;
/** Of history before the impact, in which what fires is noise. */
const historyDays = 30;

/** Asks what every monitor of the model, and settings that are only considered, would have said of the incident, and at what cost.
 *  The answer is kept, and frozen with what is published. */
export const replayDetection = defineService({
  name: "replayDetection",
  role: "editor",
  input: postmortemInput,
  output: replayDetectionOutput,
  writes: true,
  async run(ctx, { incident: number }) {
    // Not locked while it is replayed: others write in the meantime.
    const { row, incident } = await getPostmortemFile(ctx, number);
    const span = spanOf(ctx, incident);
    const model = { id: span.modelId, name: incident.modelName ?? "" };
    const watching = (await listMonitorRows(ctx, model.id)).toSorted(
      (a, b) => Number(b.monitor.isEnabled) - Number(a.monitor.isEnabled),
    );
    const monitors = watching.slice(0, monitorsMax);
    const asked = [
      ...monitors.map(({ monitor }) => ({
        id: monitor.id,
        kind: "monitor" as const,
        name: monitor.isEnabled ? monitor.name : `${monitor.name} (switched off)`,
        question: questionOf(monitor),
      })),
      ...row.candidates.map((candidate) => ({ ...candidate, kind: "candidate" as const })),
    ];
    const rows: DetectionRow[] = [];
    for (const one of asked) rows.push(await replayOne(ctx, one, { ...span, model }));
    const detection: Detection = {
      replayedAt: ctx.now.toISOString(),
      impactStartedAt: new Date(span.impactMs).toISOString(),
      impactEndedAt: new Date(span.endMs).toISOString(),
      rows: rows.toSorted(soonestFirst),
      leftOutCount: watching.length - monitors.length,
    };
    await openForWriting(ctx, number);
    await updatePostmortemRow(ctx, row.id, {
      detection,
      contentAt: ctx.now,
      updatedAt: ctx.now,
    });
    ctx.audit({
      action: "postmortem.replay_detection",
      targetKind: "postmortem",
      targetId: row.id,
      after: { rows: rows.map(({ id, verdict, firedAt }) => ({ id, verdict, firedAt })) },
    });
    return detection;
  },
});

function spanOf({ now }: ServiceContext, incident: IncidentRow) {
  const impactMs = impactMsOf(incident);
  const { modelId } = incident;
  if (modelId === null)
    throw new AppError("conflict", "The incident names no model: there is nothing to replay.");
  if (impactMs === null)
    throw new AppError(
      "conflict",
      "Nobody has said when the impact began: correct the moments of the incident first.",
    );
  const end = incident.mitigatedAt ?? incident.resolvedAt ?? now;
  return { modelId, impactMs, endMs: end.getTime() };
}

async function replayOne(
  ctx: ServiceContext,
  asked: { id: string; kind: DetectionRow["kind"]; name: string; question: MonitorQuestion },
  span: { model: { id: string; name: string }; impactMs: number; endMs: number },
): Promise<DetectionRow> {
  const { model, impactMs, endMs } = span;
  const { id, kind, name, question } = asked;
  const { verdict, judged, replay } = await replayIncident(ctx, {
    model,
    question,
    impactMs,
    // What a window that ended with the impact says is told when it has settled.
    deadlineMs: endMs + question.definition.settleSeconds * 1_000,
    runUpDays: historyDays,
    now: ctx.now,
  });
  const cost = judged === null ? null : countFalseAlerts(judged, endMs);
  const windowUntilMs =
    verdict.kind === "fired" || verdict.kind === "already" ? verdict.windowUntilMs : null;
  const firedAtMs = verdict.kind === "fired" ? verdict.firedAtMs : null;
  return {
    id,
    kind,
    name,
    verdict: verdict.kind,
    reason: verdict.kind === "cannot_say" ? verdict.reason : null,
    windowUntil: windowUntilMs === null ? null : new Date(windowUntilMs).toISOString(),
    firedAt: firedAtMs === null ? null : new Date(firedAtMs).toISOString(),
    afterImpactMs: firedAtMs === null ? null : firedAtMs - impactMs,
    falseAlertCount: cost?.count ?? null,
    historyDays: cost?.days ?? 0,
    falseAlertsPer30Days: cost?.per30Days ?? null,
    // What comes after it is advice to whoever builds a monitor.
    limit: replay?.limit?.split(":")[0] ?? null,
  };
}

function soonestFirst(a: DetectionRow, b: DetectionRow): number {
  const rank = ({ afterImpactMs }: DetectionRow) => afterImpactMs ?? Number.POSITIVE_INFINITY;
  return rank(a) === rank(b) ? a.name.localeCompare(b.name) : rank(a) - rank(b);
}
