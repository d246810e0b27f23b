import type { Postgres } from "#db/postgres/client.ts";
import type { ActionRunRow } from "#db/postgres/queries/action-run.ts";
import { updateRun } from "#db/postgres/queries/action-run.ts";
import { findIncidentRow, listAlertsOfIncident } from "#db/postgres/queries/incident.ts";
import { findMonitorRow, listMonitorSeries } from "#db/postgres/queries/monitor.ts";
import { openMonitorWindows } from "#db/postgres/queries/monitor-window.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { targetOf } from "#lib/rules/describe-incident.ts";
import type { AskedSeries } from "#lib/rules/judge-verification.ts";
import { judgeVerification } from "#lib/rules/judge-verification.ts";
import { firstUntilOf } from "#lib/rules/plan-windows.ts";
import { changeIncident } from "../incident/change-incident.ts";
import type { ActionWorker } from "./advance-runs.ts";
import type { RunScope } from "./change-run.ts";
import { actionWorker, changeRun } from "./change-run.ts";

const seriesMax = 20;
/** Between two looks at whether the monitor has answered. */
const lookMs = 15_000;

/** Asks the incident's own monitors about the window that ended last, and once they have answered says what they said. Only what is
 *  verified makes the incident mitigated. */
export async function verifyRun(worker: ActionWorker, found: ActionRunRow): Promise<void> {
  const { postgres, now, newId, publicUrl } = worker;
  const at = now();
  await postgres.transaction(async (tx) => {
    const scope: RunScope = { pg: tx, workspaceId: found.workspaceId, now: at, publicUrl };
    const { incidentId, succeededAt, verification } = found;
    if (incidentId === null || succeededAt === null) return;
    const askedAt = verification === null ? at : new Date(verification.askedAt);
    const asked = await readSeries(scope, incidentId, { isFirst: verification === null });
    const verdict = judgeVerification(asked, { succeededAt, askedAt, now: at });
    const record = { askedAt: askedAt.toISOString(), series: verdict.series };
    if (verdict.kind === "waiting") {
      await updateRun(scope, found.id, {
        verification: record,
        dueAt: new Date(at.getTime() + lookMs),
      });
      return;
    }
    const event = { kind: verdict.kind, sentence: verdict.sentence };
    const { step } = await changeRun(scope, found.id, event, actionWorker, {
      verification: record,
    });
    if (step.kind === "changed" && step.state === "verified")
      await mitigate(tx, found, { sentence: verdict.sentence, now: at, newId, publicUrl });
  });
}

async function mitigate(
  tx: Postgres,
  { workspaceId, incidentId, actionName }: ActionRunRow,
  {
    sentence,
    ...options
  }: { sentence: string; now: Date; newId: () => string; publicUrl?: string | undefined },
): Promise<void> {
  if (incidentId === null) return;
  const incident = await findIncidentRow({ pg: tx, workspaceId }, { id: incidentId });
  // Its alerts may have cleared it meanwhile, or a person.
  if (incident === null || !isOpenIncident(incident.state) || incident.state === "mitigated")
    return;
  await changeIncident(tx, {
    ...options,
    workspaceId,
    incidentId,
    action: "mitigate",
    actor: actionWorker,
    reason: `${actionName}: ${sentence}`,
  });
}

async function readSeries(
  scope: RunScope,
  incidentId: string,
  { isFirst }: { isFirst: boolean },
): Promise<AskedSeries[]> {
  const alerts = await listAlertsOfIncident(scope, incidentId, "own");
  const bySeries = new Map(
    alerts.map((alert) => [`${alert.monitorId} ${alert.seriesKey}`, alert] as const),
  );
  const asked: AskedSeries[] = [];
  const opened = new Set<string>();
  for (const alert of [...bySeries.values()].slice(-seriesMax)) {
    const label = `${alert.monitorName}, ${targetOf(alert)}`;
    const monitor = await findMonitorRow(scope, alert.monitorId);
    if (monitor === null || !monitor.isEnabled) {
      const gone = monitor === null ? goneOf(alert.monitorKind) : "its monitor is switched off";
      asked.push({ label, gone, windowMs: 0, cadenceMs: 0, newest: null });
      continue;
    }
    const { cadence, window } = monitor.definition;
    const windowMs = windowLengthMs[window];
    if (isFirst && !opened.has(alert.monitorId)) {
      opened.add(alert.monitorId);
      const untilTime = firstUntilOf(cadence, scope.now);
      const fromTime = new Date(untilTime.getTime() - windowMs);
      await openMonitorWindows(
        scope.pg,
        {
          workspaceId: scope.workspaceId,
          monitorId: alert.monitorId,
          modelId: monitor.modelId,
          now: scope.now,
        },
        [{ fromTime, untilTime }],
      );
    }
    const rows = await listMonitorSeries(scope, alert.monitorId);
    const row = rows.find(({ seriesKey }) => seriesKey === alert.seriesKey);
    asked.push({
      label,
      gone: null,
      windowMs,
      cadenceMs: windowLengthMs[cadence],
      newest:
        row === undefined
          ? null
          : {
              fromTime: row.windowFrom,
              untilTime: row.windowUntil,
              evaluatedAt: row.evaluatedAt,
              result: row.result,
            },
    });
  }
  return asked;
}

const goneOf = (kind: string) =>
  kind === "slo" ? "an objective's budget is not asked again" : "its monitor was deleted";
