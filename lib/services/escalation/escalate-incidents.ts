import type { Postgres, PostgresPool } from "#db/postgres/client.ts";
import type { EscalationRow } from "#db/postgres/queries/incident-escalation.ts";
import {
  findEscalation,
  listDueEscalations,
  upsertEscalation,
} from "#db/postgres/queries/incident-escalation.ts";
import { findTeamRow } from "#db/postgres/queries/team.ts";
import type { IncidentState } from "#lib/domain/incident.ts";
import type { Escalation } from "#lib/rules/escalation.ts";
import { nextEscalation } from "#lib/rules/escalation.ts";
import type { AlertingOptions } from "../incident/alerting.ts";
import { alertingOf } from "../incident/alerting.ts";
import { openLocked } from "../incident/change-incident.ts";
import type { IncidentDesk, OpenFile } from "../incident/incident-desk.ts";
import { findTargets } from "./find-targets.ts";
import { snapshotPolicy } from "./snapshot-policy.ts";

export interface EscalateOptions extends Omit<AlertingOptions, "workspaceId"> {
  /** This one alone; without it all of them. */
  workspaceId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** One that fails leaves the others alone. */
  onError(error: unknown, incidentId: string): void;
}

/** Pages whoever is next for incidents that nobody acknowledged, each in a transaction of its own. Answers how many there were. */
export async function escalateIncidents(
  postgres: PostgresPool,
  options: EscalateOptions,
): Promise<number> {
  const due = await listDueEscalations(postgres.db, options);
  for (const { workspaceId, incidentId } of due) {
    if (options.signal?.aborted === true) return 0;
    try {
      await postgres.transaction((tx) =>
        escalateIncident(tx, { ...options, workspaceId }, incidentId),
      );
    } catch (error) {
      options.onError(error, incidentId);
    }
  }
  return due.length;
}

async function escalateIncident(
  tx: Postgres,
  options: AlertingOptions,
  incidentId: string,
): Promise<void> {
  const { workspaceId, now } = options;
  const { desk, file } = await openLocked(alertingOf(tx, options), incidentId);
  const before = await findEscalation({ pg: tx, workspaceId }, incidentId);
  const escalation = await follow(tx, file, before, now);
  if (escalation.startedAt === now) await addTeam(tx, file);
  const after = escalation.status === "running" ? await page(desk, file, escalation) : escalation;
  await upsertEscalation({ pg: tx, workspaceId }, { ...after, updatedAt: now });
  await desk.close();
}

const statusOf = (state: IncidentState): EscalationRow["status"] => {
  if (state === "triggered") return "running";
  return state === "acknowledged" ? "paused" : "over";
};

/** The escalation as the incident's state asks for it: begun with the policy as it is now, or anew once it was over; after an
 *  acknowledgement ran out or was given back it goes on with whoever was paged last, at once. */
async function follow(
  tx: Postgres,
  { row, facts }: OpenFile,
  before: EscalationRow | null,
  now: Date,
): Promise<EscalationRow> {
  const { workspaceId, id: incidentId, ownerTeamId } = row;
  const status = statusOf(facts.state);
  if (before === null || (before.status === "over" && status === "running"))
    return {
      workspaceId,
      incidentId,
      snapshot: await snapshotPolicy(tx, workspaceId, { teamId: ownerTeamId }),
      status,
      startedAt: now,
      stepCount: 0,
      lastStepAt: null,
      dueAt: null,
      updatedAt: now,
    };
  if (before.status === "paused" && status === "running")
    return { ...before, status, stepCount: Math.max(0, before.stepCount - 1), lastStepAt: null };
  return { ...before, status, dueAt: status === "running" ? before.dueAt : null };
}

/** What its team owns is told at the team's destinations, whether a policy pages anybody or not. */
async function addTeam(tx: Postgres, file: OpenFile): Promise<void> {
  const { workspaceId, ownerTeamId } = file.row;
  const team =
    ownerTeamId === null ? null : await findTeamRow({ pg: tx, workspaceId }, ownerTeamId);
  addDestinations(file, team?.destinationIds ?? []);
}

function addDestinations(file: OpenFile, destinationIds: readonly string[]): void {
  const all = new Set([...file.row.destinationIds, ...destinationIds]);
  file.row = { ...file.row, destinationIds: [...all] };
}

/** How long until a silence is looked at again. */
const silenceLookMs = 15_000;

/** Pages the level that is due. One that reaches nobody at all is said, and the next one is paged at once. */
async function page(
  desk: IncidentDesk,
  file: OpenFile,
  escalation: EscalationRow,
): Promise<EscalationRow> {
  const { snapshot } = escalation;
  if (snapshot === null) return { ...escalation, dueAt: null };
  const isSilenced = await desk.isSilenced(file);
  const { now } = desk.alerting;
  let after = escalation;
  const next = () =>
    nextEscalation(snapshot, { ...after, acknowledgedAt: null, isOver: false, isSilenced }, now);
  for (let due = next(); due.kind === "page"; due = next()) {
    const isHeard = await pageLevel(desk, file, { name: snapshot.name, due });
    after = { ...after, stepCount: due.step + 1, lastStepAt: isHeard ? now : null };
  }
  return { ...after, dueAt: dueAfter(next(), now) };
}

async function pageLevel(
  desk: IncidentDesk,
  file: OpenFile,
  { name, due }: { name: string; due: Extract<Escalation, { kind: "page" }> },
): Promise<boolean> {
  const { pg, workspaceId, now } = desk.alerting;
  const { people, destinationIds, problems } = await findTargets(pg, workspaceId, due.level, now);
  const who = people.map((one) => (one.via === "" ? one.name : `${one.name} (${one.via})`));
  const isHeard = people.length + destinationIds.length > 0;
  const lacks = problems.length === 0 ? "" : `; not reached: ${problems.join(", ")}`;
  const text = `${name}, ${due.reason}: ${who.length === 0 ? "its destinations" : who.join(", ")}${lacks}`;
  desk.note(file, { kind: isHeard ? "escalated" : "not_told", text, occurredAt: now });
  if (!isHeard) return false;
  addDestinations(file, destinationIds);
  // The first level hears that it was triggered, like everybody; later ones why it comes to them.
  if (due.step > 0) file.tells.push({ kind: "escalated", note: text });
  return true;
}

function dueAfter(next: Escalation, now: Date): Date | null {
  switch (next.kind) {
    case "wait":
      return next.untilTime;
    case "held":
      return new Date(now.getTime() + silenceLookMs);
    case "page":
    case "unacknowledge":
    case "exhausted":
    case "stopped":
      return null;
  }
}
