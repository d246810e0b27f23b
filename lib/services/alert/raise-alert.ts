import type { AlertRow } from "#db/postgres/queries/alert.ts";
import { listRecentAlerts, updateAlert } from "#db/postgres/queries/alert.ts";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import {
  attachAlerts,
  detachAlerts,
  findIncidentOfAlert,
  findIncidentOfKey,
  findIncidentRow,
  findSplitOfSeries,
} from "#db/postgres/queries/incident.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { targetOf, titleOf } from "#lib/rules/describe-incident.ts";
import type { ImpactStart } from "#lib/rules/find-impact-start.ts";
import { findImpactStart } from "#lib/rules/find-impact-start.ts";
import { groupKeyOf } from "#lib/rules/group-key.ts";
import { explains, findCause, graceMsOf } from "#lib/rules/inhibition.ts";
import { isFiring, openedBy } from "#lib/rules/step-incident.ts";
import { workerActor } from "../incident/alerting.ts";
import type { IncidentDesk, OpenFile } from "../incident/incident-desk.ts";
import { toIncidentAlert } from "../incident/incident-desk.ts";
import type { Frozen } from "./freeze-evidence.ts";
import { toCausalAlert } from "./to-causal-alert.ts";

/** Whom an incident is given to when it opens. */
export interface AlertOwner {
  modelName: string | null;
  ownerUserId: string | null;
  ownerTeamId: string | null;
  runbookUrl: string | null;
}

/** How far back an alert that has ended may still explain one that fires. */
const causeDays = 8;

/** Gives an alert that begins to fire to an incident: that of its cause where another alert explains it, else its own, which it opens,
 *  joins or reopens. */
export async function raiseAlert(
  desk: IncidentDesk,
  alert: AlertRow,
  owner: AlertOwner,
  frozen: Frozen | null,
): Promise<void> {
  const { alerting } = desk;
  const endedAfter = new Date(alerting.now.getTime() - causeDays * 86_400_000);
  const others = await listRecentAlerts(alerting, { ...alert, endedAfter });
  const cause = findCause(toCausalAlert(alert), others.map(toCausalAlert));
  const causeRow = others.find(({ id }) => id === cause?.alertId);
  if (causeRow !== undefined && (await explainBy(desk, alert, causeRow))) return;
  const file = await giveToIncident(desk, alert, owner, frozen);
  await explainOthers(desk, alert, file, others);
}

/** An alert that counts on its own joins the incident of its key, or opens one. */
export async function giveToIncident(
  desk: IncidentDesk,
  alert: AlertRow,
  owner: AlertOwner,
  frozen: Frozen | null,
): Promise<OpenFile> {
  const { alerting } = desk;
  const groupKey = groupKeyOf(alert);
  const sentence = `${targetOf(alert)}: ${alert.sentence}`;
  const entry = { kind: "alert_fired" as const, text: sentence, occurredAt: alerting.now };
  const newest = await findIncidentOfKey(alerting, groupKey);
  const split = await findSplitOfSeries(alerting, splitSeriesOf(alert));
  for (const found of [split, newest]) {
    const target = found === null ? null : await followMerges(desk, found);
    if (target === null) continue;
    const file = await desk.openRow(target);
    const step = await desk.step(file, {
      kind: "alert_fired",
      alert: toIncidentAlert(alert),
      sentence,
    });
    if (step.kind !== "refused") {
      file.alerts.push(alert);
      await attachAlerts(alerting, file.row.id, "own", [alert.id], alerting.now);
      noteMissing(desk, file, frozen);
      return file;
    }
  }
  const impact = impactOf(alert, frozen);
  const { settings } = alerting.seams;
  const facts = openedBy(toIncidentAlert(alert), settings, alerting.now, impact.at);
  const subject = { ...alert, modelName: owner.modelName };
  const file = await desk.create(
    facts,
    {
      ...owner,
      groupKey,
      mode: "real",
      title: titleOf(subject),
      causeClass: alert.causeClass,
      modelId: alert.modelId,
      environment: alert.environment,
      segmentKey: alert.segmentKey,
      segmentValue: alert.segmentValue,
      destinationIds: [],
      impactEarliest: impact.between?.from ?? null,
      impactLatest: impact.between?.until ?? null,
      followsId: newest?.id ?? null,
    },
    [alert],
    [{ ...entry, actor: workerActor }],
  );
  noteMissing(desk, file, frozen);
  return file;
}

function impactOf(alert: AlertRow, frozen: Frozen | null): ImpactStart {
  const history = frozen?.kind === "frozen" ? frozen.evidence.history : [];
  const windows = history.map(({ from, until, value }) => ({
    from: new Date(from),
    until: new Date(until),
    value,
  }));
  return findImpactStart(windows, alert.beganAt);
}

/** A series as the incident that took it along names it. */
export const splitSeriesOf = ({ monitorId, seriesKey }: AlertRow): string =>
  `${monitorId} ${seriesKey}`;

const mergesMax = 5;

/** Where the key's trouble is worked on now. What took it in may be over and have an open one of its own kind after it. */
async function followMerges(desk: IncidentDesk, row: IncidentRow): Promise<IncidentRow | null> {
  let found: IncidentRow | null = row;
  for (let i = 0; i < mergesMax && found?.mergedIntoId != null; i += 1) {
    const into: IncidentRow | null = await findIncidentRow(desk.alerting, {
      id: found.mergedIntoId,
    });
    found = into === null ? null : await findIncidentOfKey(desk.alerting, into.groupKey);
  }
  return found;
}

function noteMissing(desk: IncidentDesk, file: OpenFile, frozen: Frozen | null): void {
  if (frozen?.kind !== "missing") return;
  const text = `Its evidence could not be kept: ${frozen.reason}`;
  desk.note(file, { kind: "note", text, occurredAt: desk.alerting.now });
}

/** The alert is shown with the incident of its cause and pages nobody as long as the cause holds. */
async function explainBy(desk: IncidentDesk, alert: AlertRow, cause: AlertRow): Promise<boolean> {
  const { alerting } = desk;
  const found = await findIncidentOfAlert(alerting, cause.id);
  if (found === null || found.role !== "own") return false;
  const file = await desk.open(found.incidentId);
  if (file === null) return false;
  const graceMs = graceMsOf(toCausalAlert(alert));
  const explainedUntil =
    cause.endedAt === null ? null : new Date(cause.endedAt.getTime() + graceMs);
  await updateAlert(alerting, alert.id, { explainedBy: cause.id, explainedUntil });
  await attachAlerts(alerting, file.row.id, "explained", [alert.id], alerting.now);
  const text = `${targetOf(alert)}: ${alert.sentence}. Explained by ${cause.monitorName}; it pages only if it outlives that.`;
  desk.note(file, { kind: "alert_explained", text, occurredAt: alerting.now });
  return true;
}

/** What fired a moment before its cause did is explained by it as long as nobody was told; afterwards the two are linked in words. */
async function explainOthers(
  desk: IncidentDesk,
  cause: AlertRow,
  causeFile: OpenFile,
  others: readonly AlertRow[],
): Promise<void> {
  const { alerting } = desk;
  const effects = others.filter(
    (other) =>
      other.state === "firing" &&
      other.explainedBy === null &&
      explains(toCausalAlert(cause), toCausalAlert(other)),
  );
  for (const effect of effects) {
    const found = await findIncidentOfAlert(alerting, effect.id);
    const file = found?.role === "own" ? await desk.open(found.incidentId) : null;
    if (file === null || file === causeFile || !isOpenIncident(file.facts.state)) continue;
    const sentence = `${targetOf(effect)} is explained by incident ${causeFile.row.number}, ${cause.monitorName}`;
    if (file.told.size > 0) {
      desk.note(file, { kind: "alert_explained", text: sentence, occurredAt: alerting.now });
      continue;
    }
    await updateAlert(alerting, effect.id, { explainedBy: cause.id, explainedUntil: null });
    await detachAlerts(alerting, file.row.id, [effect.id], alerting.now);
    file.alerts = file.alerts.filter(({ id }) => id !== effect.id);
    const isLast = file.facts.alerts.every(
      ({ id, state }) => id === effect.id || state !== "firing",
    );
    if (isLast && isFiring(file.facts) && !file.facts.endsByHand) {
      const { id: intoId, number: intoNumber } = causeFile.row;
      await desk.step(file, { kind: "merge", by: workerActor.name, intoId, intoNumber });
    } else await desk.step(file, { kind: "alert_explained", alertId: effect.id, sentence });
    await attachAlerts(alerting, causeFile.row.id, "explained", [effect.id], alerting.now);
    const text = `${targetOf(effect)}: ${effect.sentence}. It was found a moment before its cause.`;
    desk.note(causeFile, { kind: "alert_explained", text, occurredAt: alerting.now });
  }
}
