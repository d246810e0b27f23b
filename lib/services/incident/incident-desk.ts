import type { AlertRow } from "#db/postgres/queries/alert.ts";
import { endAlertRows } from "#db/postgres/queries/alert.ts";
import { listDefaultDestinationIds } from "#db/postgres/queries/destination.ts";
import type { IncidentRow, NewIncident } from "#db/postgres/queries/incident.ts";
import {
  attachAlerts,
  drawIncidentNumber,
  findIncidentRow,
  insertIncident,
  insertTimeline,
  listAlertsOfIncident,
  listTold,
  updateIncidentRow,
  upsertTold,
} from "#db/postgres/queries/incident.ts";
import { findEscalation } from "#db/postgres/queries/incident-escalation.ts";
import type { EscalationSnapshot } from "#lib/domain/escalation.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { TimelineDetail } from "#lib/domain/timeline-detail.ts";
import { reviseFields } from "#lib/rules/incident-fields.ts";
import type { LastTold } from "#lib/rules/notify-decision.ts";
import type { MessagePlan } from "#lib/rules/plan-messages.ts";
import { planMessages } from "#lib/rules/plan-messages.ts";
import type {
  IncidentEvent,
  IncidentFacts,
  IncidentStep,
  Tell,
  TimelineDraft,
} from "#lib/rules/step-incident.ts";
import { stepIncident } from "#lib/rules/step-incident.ts";
import { attachMatchingRunbooks } from "../runbook/attach-matching-runbooks.ts";
import type { Alerting } from "./alerting.ts";
import { workerActor } from "./alerting.ts";
import { composeMessage } from "./compose-message.ts";

type FileEntry = TimelineDraft & { detail?: TimelineDetail };

/** An incident on the desk: what is stored of it, and what this transaction has done to it so far. */
export interface OpenFile {
  row: IncidentRow;
  /** As it was read: what differs when it is written is a new revision. */
  before: IncidentRow;
  isNew: boolean;
  facts: IncidentFacts;
  /** Its own alerts. */
  alerts: AlertRow[];
  /** How long an acknowledgement holds, by its own copy of the policy where it has one. */
  ackTimeoutMs: number | null;
  told: Map<string, LastTold>;
  entries: (FileEntry & { actor: IncidentActor })[];
  tells: Tell[];
  resolvedBy: "alerts" | "person" | null;
  exceptDestinationId?: string | undefined;
}

/** The incidents that one transaction works on: each is read once, takes any number of events, and is written and told once. Whoever
 *  opens one holds the writer's lock of its model. */
export class IncidentDesk {
  readonly alerting: Alerting;
  readonly #files = new Map<string, OpenFile>();

  constructor(alerting: Alerting) {
    this.alerting = alerting;
  }

  async open(incidentId: string): Promise<OpenFile | null> {
    const known = this.#files.get(incidentId);
    if (known !== undefined) return known;
    const row = await findIncidentRow(this.alerting, { id: incidentId });
    return row === null ? null : this.#read(row);
  }

  openRow(row: IncidentRow): Promise<OpenFile> {
    const known = this.#files.get(row.id);
    return known === undefined ? this.#read(row) : Promise.resolve(known);
  }

  async create(
    facts: IncidentFacts,
    row: Omit<NewIncident, keyof ReturnType<typeof factsToRow> | CreatedField>,
    alerts: AlertRow[],
    entries: OpenFile["entries"],
  ): Promise<OpenFile> {
    const { workspaceId, now, newId, pg, seams } = this.alerting;
    const isNamed =
      row.destinationIds.length > 0 || alerts.some((each) => each.destinationIds.length > 0);
    const inserted = await insertIncident(pg, {
      ...row,
      destinationIds: isNamed ? row.destinationIds : await listDefaultDestinationIds(this.alerting),
      ...factsToRow(facts),
      id: newId(),
      workspaceId,
      number: await drawIncidentNumber(this.alerting),
      createdAt: now,
      updatedAt: now,
    });
    const file: OpenFile = {
      row: inserted,
      before: inserted,
      isNew: true,
      facts,
      alerts,
      ackTimeoutMs: seams.settings.ackTimeoutMs,
      told: new Map(),
      entries,
      tells: [],
      resolvedBy: null,
    };
    const alertIds = alerts.map(({ id }) => id);
    await attachAlerts(this.alerting, inserted.id, "own", alertIds, now);
    this.#files.set(inserted.id, file);
    return file;
  }

  /** What the event makes of it. A refusal changes nothing, and is for the caller to tell. */
  async step(
    file: OpenFile,
    event: IncidentEvent,
    actor: IncidentActor = workerActor,
  ): Promise<IncidentStep> {
    const usual = this.alerting.seams.settings;
    const settings = { ...usual, ackTimeoutMs: file.ackTimeoutMs };
    const step = stepIncident(file.facts, event, settings, this.alerting.now);
    if (step.kind !== "changed") return step;
    file.facts = step.facts;
    const detail = detailOf(event);
    file.entries.push(...step.entries.map((entry) => ({ ...entry, ...detail, actor })));
    file.tells.push(...step.tells);
    file.resolvedBy = step.resolvedBy ?? (step.facts.state === "resolved" ? file.resolvedBy : null);
    if (step.endedAlertIds.length > 0) {
      const end = { endedAt: this.alerting.now, endReason: "its incident was resolved" };
      const ended = await endAlertRows(this.alerting, step.endedAlertIds, end);
      file.alerts = withRows(file.alerts, ended);
    }
    return step;
  }

  note(file: OpenFile, entry: FileEntry, actor: IncidentActor = workerActor): void {
    file.entries.push({ ...entry, actor });
  }

  /** Those that this transaction has opened so far. */
  rows(): IncidentRow[] {
    return [...this.#files.values()].map(({ row }) => row);
  }

  /** Writes what was done, and tells whoever is to hear of it. */
  async close(): Promise<void> {
    for (const file of this.#files.values()) await this.#write(file);
    this.#files.clear();
  }

  async #read(row: IncidentRow): Promise<OpenFile> {
    const alerts = await listAlertsOfIncident(this.alerting, row.id, "own");
    const told = await listTold(this.alerting, row.id);
    const policy = (await findEscalation(this.alerting, row.id))?.snapshot ?? null;
    const file: OpenFile = {
      row,
      before: row,
      isNew: false,
      facts: rowToFacts(row, alerts),
      alerts,
      ackTimeoutMs: ackTimeoutOf(policy, this.alerting.seams.settings.ackTimeoutMs),
      told: new Map(
        told.map(({ destinationId, firing, resolved, toldAt }) => [
          destinationId,
          { atMs: toldAt.getTime(), firing, resolved },
        ]),
      ),
      entries: [],
      tells: [],
      resolvedBy: null,
    };
    this.#files.set(row.id, file);
    return file;
  }

  async #write(file: OpenFile): Promise<void> {
    const { alerting } = this;
    const { pg, workspaceId, now, newId, seams } = alerting;
    const silenced = await this.isSilenced(file);
    const destinationIds = destinationsOf(file);
    const plan = planMessages({
      incidentId: file.row.id,
      facts: file.facts,
      told: file.told,
      destinationIds,
      tells: file.tells,
      resolvedBy: file.resolvedBy,
      exceptDestinationId: file.exceptDestinationId,
      isSilenced: silenced,
      settings: seams.settings,
      now,
    });
    const row = {
      ...file.row,
      ...factsToRow(file.facts),
      isHeld: plan.isHeld,
      tickAt: plan.nextAt,
      sequence: file.row.sequence + plan.messages.length,
      updatedAt: now,
    };
    if (plan.messages.length > 0) {
      const said = await composeMessage(alerting, row, file.alerts);
      for (const [i, { kind, note, destinationIds: heard }] of plan.messages.entries()) {
        const sequence = file.row.sequence + i + 1;
        const message = { ...said, kind, note, sequence };
        await seams.enqueue(pg, { workspaceId, message, destinationIds: heard, now, newId });
      }
    }
    await upsertTold(pg, toldRows(file, plan, workspaceId));
    const entries = [...file.entries, ...sayTold(file, plan, destinationIds.length, now)];
    await insertTimeline(
      pg,
      entries.map(({ kind, text, actor, occurredAt, detail }) => ({
        id: newId(),
        workspaceId,
        incidentId: row.id,
        kind,
        text,
        actor,
        detail: detail ?? null,
        occurredAt,
        recordedAt: now,
      })),
    );
    if (file.isNew) await attachMatchingRunbooks(alerting, row, file.alerts);
    const { id: _id, workspaceId: _workspace, number: _number, ...change } = row;
    const revised = file.isNew ? {} : reviseFields(file.before, file.before, row);
    await updateIncidentRow(alerting, row.id, { ...change, ...revised });
  }

  /** All that fires in it is hidden; of what a person declared nothing is. */
  async isSilenced({ facts, alerts }: OpenFile): Promise<boolean> {
    const firing = alerts.filter(({ state }) => state === "firing");
    if (facts.endsByHand || alerts.length === 0) return false;
    // What has just ended was told, or hidden, by what it was.
    const asked = firing.length > 0 ? firing : alerts;
    const { seams, now } = this.alerting;
    const hidden = await seams.silencedAlertIds(this.alerting, asked, now);
    return asked.every(({ id }) => hidden.has(id));
  }
}

type CreatedField =
  | "id"
  | "workspaceId"
  | "number"
  | "createdAt"
  | "updatedAt"
  | "sequence"
  | "isHeld"
  | "tickAt"
  | "revision"
  | "fieldRevisions";

function detailOf(event: IncidentEvent): { detail?: TimelineDetail } {
  return event.kind === "status_update" ? { detail: { kind: "status", phase: event.phase } } : {};
}

/** null: until the end. */
function ackTimeoutOf(policy: EscalationSnapshot | null, usualMs: number | null): number | null {
  if (policy === null) return usualMs;
  const { ackTimeoutMinutes } = policy.rules;
  return ackTimeoutMinutes === null ? null : ackTimeoutMinutes * 60_000;
}

const destinationsOf = ({ row, alerts }: OpenFile): string[] => [
  ...new Set([...row.destinationIds, ...alerts.flatMap((alert) => alert.destinationIds)]),
];

function withRows(rows: readonly AlertRow[], changed: readonly AlertRow[]): AlertRow[] {
  const newer = new Map(changed.map((row) => [row.id, row]));
  return rows.map((row) => newer.get(row.id) ?? row);
}

function toldRows(file: OpenFile, plan: MessagePlan, workspaceId: string) {
  return [...plan.told].flatMap(([destinationId, last]) =>
    file.told.get(destinationId) === last
      ? []
      : [
          {
            workspaceId,
            incidentId: file.row.id,
            destinationId,
            firing: [...last.firing],
            resolved: [...last.resolved],
            toldAt: new Date(last.atMs),
          },
        ],
  );
}

function sayTold(file: OpenFile, plan: MessagePlan, destinationCount: number, now: Date) {
  const by = { actor: workerActor, occurredAt: now };
  const entries: OpenFile["entries"] = plan.messages.map(({ kind, destinationIds }) => ({
    ...by,
    kind: "told",
    text: `"${kind}" goes to ${destinationIds.length} ${destinationIds.length === 1 ? "destination" : "destinations"}`,
  }));
  if (destinationCount === 0 && file.isNew)
    entries.push({
      ...by,
      kind: "not_told",
      text: "Nobody is told: neither its monitors nor its owner name a destination",
    });
  if (plan.isHeld && !file.row.isHeld)
    entries.push({ ...by, kind: "not_told", text: "A silence keeps its messages back" });
  return entries;
}

function rowToFacts(row: IncidentRow, alerts: readonly AlertRow[]): IncidentFacts {
  return {
    state: row.state,
    severity: row.severity,
    severityReason: row.severityReason,
    endsByHand: row.endsByHand,
    stamps: {
      impactStartedAt: row.impactStartedAt,
      detectedAt: row.detectedAt,
      acknowledgedAt: row.acknowledgedAt,
      mitigatedAt: row.mitigatedAt,
      resolvedAt: row.resolvedAt,
      closedAt: row.closedAt,
    },
    acknowledgedBy: row.acknowledgedBy,
    ackUntil: row.ackUntil,
    notifyFrom: row.notifyFrom,
    reopenUntil: row.reopenUntil,
    mergedIntoId: row.mergedIntoId,
    verdict: row.verdict,
    resolution: row.resolution,
    alerts: alerts.map(toIncidentAlert),
  };
}

export const toIncidentAlert = ({ id, state, severity, windowFrom, windowUntil }: AlertRow) => ({
  id,
  state,
  severity,
  windowMs: windowUntil.getTime() - windowFrom.getTime(),
});

function factsToRow(facts: IncidentFacts) {
  const { state, severity, severityReason, endsByHand, stamps } = facts;
  const { acknowledgedBy, ackUntil, notifyFrom, reopenUntil, mergedIntoId } = facts;
  const { verdict, resolution } = facts;
  return {
    state,
    severity,
    severityReason,
    endsByHand,
    ...stamps,
    acknowledgedBy,
    ackUntil,
    notifyFrom,
    reopenUntil,
    mergedIntoId,
    verdict,
    resolution,
  };
}
