import type { Postgres } from "#db/postgres/client.ts";
import type { NewAlert } from "#db/postgres/queries/alert.ts";
import {
  findAlertRow,
  insertAlerts,
  listAlertSeries,
  listAlertsByIds,
  updateAlert,
  upsertAlertSeries,
} from "#db/postgres/queries/alert.ts";
import { findModelForAlerting, lockWriter } from "#db/postgres/queries/incident.ts";
import { findMonitorForAlerting } from "#db/postgres/queries/monitor.ts";
import { findTeamRow } from "#db/postgres/queries/team.ts";
import type { Severity } from "#lib/domain/incident.ts";
import type { CauseClass, SeriesOutcome } from "#lib/domain/monitor.ts";
import { seriesKeyOf } from "#lib/domain/monitor.ts";
import { breadthOf, computeSeverity } from "#lib/rules/compute-severity.ts";
import type { AlertChange } from "#lib/rules/step-alert.ts";
import type { Alerting, AlertingOptions } from "../incident/alerting.ts";
import { alertingOf, writerOf } from "../incident/alerting.ts";
import { IncidentDesk } from "../incident/incident-desk.ts";
import { signIncident } from "../incident/sign-incident.ts";
import { clearAlert } from "./clear-alert.ts";
import type { Freeze, Frozen } from "./freeze-evidence.ts";
import { freezeEvidence, keepEvidence } from "./freeze-evidence.ts";
import type { AlertOwner } from "./raise-alert.ts";
import { raiseAlert } from "./raise-alert.ts";
import type { SteppedSeries } from "./step-series.ts";
import { stepSeries } from "./step-series.ts";

/** What alerting knows of whatever asks a question on a schedule: a monitor, or an objective. */
export interface AlertingMonitor {
  id: string;
  modelId: string;
  name: string;
  kind: string;
  causeClass: CauseClass;
  fireCount: number;
  windowCount: number;
  clearCount: number;
  severityOverride: Severity | null;
  ownerTeamId: string | null;
  ownerUserId: string | null;
  runbookUrl: string | null;
  destinationIds: readonly string[];
  revision: number;
}

export interface ApplyOptions extends AlertingOptions {
  monitorId: string;
  /** Takes the evidence of a series whose alert begins to fire. */
  freeze: Freeze;
  /** Grows each time that the same windows are judged again; an older one of a window is ignored. */
  revision?: number;
  /** Of what is no row of monitors, such as an objective. */
  monitor?: AlertingMonitor;
}

export interface AppliedOutcomes {
  firedAlertIds: string[];
  clearedAlertIds: string[];
}

/** As many alerts of one monitor as get evidence of their own when they begin to fire together. */
const evidenceMax = 25;

/** Turns a monitor's answers about some windows into alerts, incidents and messages, in the caller's transaction. Applied again it
 *  changes nothing. Windows of a series are taken in their order; one that is judged again is put in its place. */
export async function applyOutcomes(
  tx: Postgres,
  options: ApplyOptions,
  outcomes: readonly SeriesOutcome[],
): Promise<AppliedOutcomes> {
  const { workspaceId, monitorId } = options;
  const applied: AppliedOutcomes = { firedAlertIds: [], clearedAlertIds: [] };
  const monitor = options.monitor ?? (await findMonitorForAlerting(tx, workspaceId, monitorId));
  if (monitor === null || outcomes.length === 0) return applied;
  const alerting = alertingOf(tx, options);
  await lockWriter(tx, `alerts ${workspaceId} ${monitorId}`);
  const stepped = await stepMonitor(alerting, monitor, outcomes, options.revision ?? 0);
  // Before the lock that everybody needs who works on the model's incidents: reading evidence takes its time.
  const evidence = await freezeAll(stepped, options.freeze);
  await lockWriter(tx, writerOf(workspaceId, monitor.modelId));
  const desk = new IncidentDesk(alerting);
  const owner = await ownerOf(alerting, monitor);
  const settled: SteppedSeries[] = [];
  for (const one of stepped) {
    const alertId = await applySeries(desk, { monitor, owner, evidence }, one, applied);
    await noteNewest(alerting, alertId, one);
    settled.push({ ...one, alertId });
  }
  const touched = desk.rows();
  await desk.close();
  if (applied.firedAlertIds.length > 0)
    for (const row of touched) await signIncident(alerting, row);
  // A silence hears of each evaluation that still fires under it: so it knows that it is not quiet.
  const firing = await listAlertsByIds(alerting, firingNow(settled));
  await alerting.seams.silencedAlertIds(alerting, firing, alerting.now);
  await upsertAlertSeries(
    tx,
    settled.map(({ seriesKey, memory, alertId }) => ({
      workspaceId,
      monitorId,
      seriesKey,
      monitorRevision: monitor.revision,
      memory,
      alertId,
      updatedAt: alerting.now,
    })),
  );
  return applied;
}

async function stepMonitor(
  alerting: Alerting,
  monitor: AlertingMonitor,
  outcomes: readonly SeriesOutcome[],
  revision: number,
): Promise<SteppedSeries[]> {
  const seriesKeys = [...new Set(outcomes.map(({ series }) => seriesKeyOf(series)))];
  const stored = await listAlertSeries(alerting, monitor.id, seriesKeys);
  return stepSeries(outcomes, stored, {
    settings: monitor,
    monitorRevision: monitor.revision,
    revision,
  });
}

type Fired = Extract<AlertChange, { kind: "fired" }>;

async function freezeAll(
  stepped: readonly SteppedSeries[],
  freeze: Freeze,
): Promise<Map<Fired, Frozen>> {
  const fired = stepped.flatMap(({ series, changes }) =>
    changes.flatMap((change) => (change.kind === "fired" ? [{ series, change }] : [])),
  );
  const evidence = new Map<Fired, Frozen>();
  for (const { series, change } of fired.slice(0, evidenceMax))
    evidence.set(change, await freezeEvidence(freeze, series, change.decidedBy));
  return evidence;
}

interface Applying {
  monitor: AlertingMonitor;
  owner: AlertOwner & { tier: number; destinationIds: readonly string[] };
  evidence: ReadonlyMap<Fired, Frozen>;
}

/** Answers the alert that the series holds afterwards. */
async function applySeries(
  desk: IncidentDesk,
  applying: Applying,
  { series, seriesKey, changes, alertId }: SteppedSeries,
  applied: AppliedOutcomes,
): Promise<string | null> {
  let held = alertId;
  for (const change of changes) {
    switch (change.kind) {
      case "fired": {
        const frozen = applying.evidence.get(change) ?? {
          kind: "missing",
          reason: `evidence is taken of the ${evidenceMax} first alerts that fire together`,
        };
        if (frozen.kind === "frozen") await keepEvidence(desk.alerting, frozen);
        const alert = newAlert(desk.alerting, applying, { series, seriesKey, change, frozen });
        await insertAlerts(desk.alerting.pg, [alert]);
        const row = await findAlertRow(desk.alerting, alert.id);
        if (row === null) throw new Error("An alert was not stored.");
        await raiseAlert(desk, row, applying.owner, frozen);
        applied.firedAlertIds.push(alert.id);
        held = alert.id;
        break;
      }
      case "cleared": {
        if (held === null) break;
        await clearAlert(desk, held, {
          endReason: "cleared",
          sentence: change.decidedBy.result.sentence,
        });
        applied.clearedAlertIds.push(held);
        held = null;
        break;
      }
    }
  }
  return held;
}

function newAlert(
  { newId, workspaceId, now }: Alerting,
  { monitor, owner }: Applying,
  {
    series,
    seriesKey,
    change,
    frozen,
  }: Pick<SteppedSeries, "series" | "seriesKey"> & { change: Fired; frozen: Frozen },
): NewAlert {
  const { fromMs, untilMs, result } = change.decidedBy;
  const isSegment = series.segmentKey !== "";
  // An objective has two series: a fast burn, which pages, and a slow one.
  const isFastBurn = monitor.causeClass === "slo" && series.column === "page";
  const breadth = breadthOf({ causeClass: monitor.causeClass, isSegment, isFastBurn });
  return {
    id: newId(),
    workspaceId,
    monitorId: monitor.id,
    monitorName: monitor.name,
    monitorKind: monitor.kind,
    causeClass: monitor.causeClass,
    modelId: monitor.modelId,
    ...series,
    seriesKey,
    severity: monitor.severityOverride ?? computeSeverity(owner.tier, breadth),
    state: "firing",
    isFlapping: change.isFlapping,
    sentence: result.sentence,
    value: result.value,
    windowFrom: new Date(fromMs),
    windowUntil: new Date(untilMs),
    beganAt: new Date(change.beginsMs),
    firedAt: now,
    destinationIds: [...owner.destinationIds],
    evidenceHash: frozen.kind === "frozen" ? frozen.hash : null,
  };
}

/** What fires says what its newest window says, and since when nobody can tell. */
async function noteNewest(
  alerting: Alerting,
  alertId: string | null,
  { memory }: SteppedSeries,
): Promise<void> {
  if (alertId === null) return;
  const newest = memory.known.at(-1);
  await updateAlert(alerting, alertId, {
    ...(newest === undefined
      ? {}
      : {
          sentence: newest.result.sentence,
          value: newest.result.value,
          windowFrom: new Date(newest.fromMs),
          windowUntil: new Date(newest.untilMs),
        }),
    unknownSince: memory.unknown === null ? null : new Date(memory.unknown.sinceMs),
    unknownReason: memory.unknown?.reason ?? null,
  });
}

async function ownerOf(alerting: Alerting, monitor: AlertingMonitor): Promise<Applying["owner"]> {
  const model = await findModelForAlerting(alerting, monitor.modelId);
  const ownerTeamId = monitor.ownerTeamId ?? model?.teamId ?? null;
  return {
    modelName: model?.name ?? null,
    tier: model?.tier ?? 1,
    ownerUserId: monitor.ownerUserId,
    ownerTeamId,
    runbookUrl: monitor.runbookUrl,
    destinationIds: await destinationsFor(alerting, monitor, ownerTeamId),
  };
}

/** Those that the monitor names, else those of the team that owns it. */
async function destinationsFor(
  alerting: Alerting,
  { destinationIds }: AlertingMonitor,
  teamId: string | null,
): Promise<readonly string[]> {
  if (destinationIds.length > 0 || teamId === null) return destinationIds;
  return (await findTeamRow(alerting, teamId))?.destinationIds ?? [];
}

/** The alerts whose newest window fires. */
function firingNow(stepped: readonly SteppedSeries[]): string[] {
  return stepped.flatMap(({ alertId, memory }) =>
    alertId !== null && memory.known.at(-1)?.result.judged === "fire" ? [alertId] : [],
  );
}
