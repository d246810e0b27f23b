import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { isMember } from "#db/postgres/queries/incident.ts";
import { incidentOutput, updateIncidentInput } from "#lib/api/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentActor, IncidentRoles, IncidentStamps } from "#lib/domain/incident.ts";
import { incidentRoles, incidentStampNames } from "#lib/domain/incident.ts";
import { findConflicts } from "#lib/rules/incident-fields.ts";
import type { IncidentEvent } from "#lib/rules/step-incident.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { alertingOf } from "./alerting.ts";
import { openLocked } from "./change-incident.ts";
import { getIncidentRow, readIncident } from "./get-incident.ts";
import type { IncidentDesk, OpenFile } from "./incident-desk.ts";
import { toAlertingOptions, toIncidentActor } from "./to-alerting.ts";

type Input = (typeof updateIncidentInput)["_output"];

/** Sets what a person knows better: title, severity, owner, roles, and when things happened. */
export const updateIncident = defineService({
  name: "updateIncident",
  role: "editor",
  input: updateIncidentInput,
  output: incidentOutput,
  writes: true,
  async run(ctx, input) {
    const { id } = await getIncidentRow(ctx, input.incident);
    const actor = await toIncidentActor(ctx);
    const { desk, file } = await openLocked(alertingOf(ctx.pg, toAlertingOptions(ctx)), id);
    const before = file.row;
    refuseStale(before, input);
    await assertMembers(ctx, input);
    const changes = [
      await stepEvents(desk, file, input, actor),
      setOwner(desk, file, input, actor),
      setRoles(desk, file, input, actor),
      setTitle(desk, file, input, actor),
    ];
    if (!changes.includes(true)) {
      ctx.audit("unchanged");
      return readIncident(ctx, input.incident);
    }
    await desk.close();
    const { incident: _, revision: _read, ...after } = input;
    ctx.audit({
      action: "incident.update",
      targetKind: "incident",
      targetId: id,
      before: Object.fromEntries(
        Object.keys(after).map((name) => [name, before[name as keyof typeof before] ?? null]),
      ),
      after,
    });
    return readIncident(ctx, input.incident);
  },
});

/** Two people may set different fields side by side; of the same one the second hears what the first has made of it. */
function refuseStale(row: IncidentRow, input: Input): void {
  const conflicts = findConflicts(row, row, wantedOf(input), input.revision);
  if (conflicts.length === 0) return;
  const names = conflicts.map(({ path }) => path).join(", ");
  throw new AppError(
    "stale",
    `Incident ${row.number} was changed since you read it (${names}); it is at revision ${row.revision}.`,
    {
      details: conflicts.map(({ path, stored, wanted }) => ({
        path,
        message: `somebody else has set it to ${stored ?? "nothing"}`,
        expected: stored ?? "nothing",
        received: wanted ?? "nothing",
      })),
    },
  );
}

function wantedOf(input: Input): Map<string, string | null> {
  const wanted = new Map<string, string | null>();
  for (const path of ["title", "severity", "ownerUserId"] as const) {
    const value = input[path];
    if (value !== undefined) wanted.set(path, value);
  }
  for (const name of incidentStampNames) {
    const at = input[name];
    if (at !== undefined) wanted.set(name, at === null ? null : new Date(at).toISOString());
  }
  for (const role of incidentRoles) {
    const userId = input.roles?.[role];
    if (userId !== undefined) wanted.set(`roles.${role}`, userId);
  }
  return wanted;
}

async function assertMembers(ctx: ServiceContext, { ownerUserId, roles }: Input): Promise<void> {
  const named = [
    { path: "ownerUserId", userId: ownerUserId },
    ...incidentRoles.map((role) => ({ path: `roles.${role}`, userId: roles?.[role] })),
  ];
  for (const { path, userId } of named)
    if (userId != null && !(await isMember(ctx, userId)))
      throw new AppError("invalid_request", `\`${path}\` is no member of this workspace.`, {
        details: [{ path, message: "expected the id of a member" }],
      });
}

async function stepEvents(
  desk: IncidentDesk,
  file: OpenFile,
  input: Input,
  actor: IncidentActor,
): Promise<boolean> {
  let isChanged = false;
  for (const event of eventsOf(input, actor.name)) {
    const step = await desk.step(file, event, actor);
    if (step.kind === "refused")
      throw new AppError("invalid_request", step.message, {
        details: [{ path: step.field ?? "", message: step.message }],
      });
    isChanged ||= step.kind === "changed";
  }
  if (input.impactStartedAt !== undefined)
    file.row = { ...file.row, impactEarliest: null, impactLatest: null };
  return isChanged;
}

type Setter = (desk: IncidentDesk, file: OpenFile, input: Input, actor: IncidentActor) => boolean;

const setOwner: Setter = (desk, file, { ownerUserId }, actor) => {
  if (ownerUserId === undefined || ownerUserId === file.row.ownerUserId) return false;
  file.row = { ...file.row, ownerUserId, ownerTeamId: null };
  const text =
    ownerUserId === null ? `${actor.name} took its owner away` : `${actor.name} gave it an owner`;
  desk.note(file, { kind: "owner_changed", text, occurredAt: desk.alerting.now }, actor);
  return true;
};

const setRoles: Setter = (desk, file, { roles: wanted }, actor) => {
  const changed = incidentRoles.filter((role) => {
    const userId = wanted?.[role];
    return userId !== undefined && userId !== (file.row.roles[role] ?? null);
  });
  if (changed.length === 0) return false;
  const roles: IncidentRoles = { ...file.row.roles };
  for (const role of changed) {
    const userId = wanted?.[role];
    if (userId == null) delete roles[role];
    else roles[role] = userId;
  }
  file.row = { ...file.row, roles };
  const list = changed.map((role) =>
    wanted?.[role] === null ? `took the ${role} away` : `named a ${role}`,
  );
  const text = `${actor.name} ${list.join(" and ")}`;
  desk.note(file, { kind: "roles_changed", text, occurredAt: desk.alerting.now }, actor);
  return true;
};

const setTitle: Setter = (desk, file, { title }, actor) => {
  if (title === undefined || title === file.row.title) return false;
  const text = `${actor.name} renamed it from "${file.row.title}" to "${title}"`;
  file.row = { ...file.row, title };
  desk.note(file, { kind: "title_changed", text, occurredAt: desk.alerting.now }, actor);
  return true;
};

function eventsOf(input: Input, by: string): IncidentEvent[] {
  const events: IncidentEvent[] = [];
  const reasonDue = () => {
    if (input.reason !== undefined) return input.reason;
    throw new AppError("invalid_request", "A severity or a moment is set with a reason.", {
      details: [{ path: "reason", message: "expected why it is set" }],
    });
  };
  if (input.severity !== undefined)
    events.push({ kind: "override_severity", by, severity: input.severity, reason: reasonDue() });
  const stamps: Partial<IncidentStamps> = Object.fromEntries(
    incidentStampNames.flatMap((name) => {
      const at = input[name];
      if (at === undefined) return [];
      return [[name, at === null ? null : new Date(at)]];
    }),
  );
  if (Object.keys(stamps).length > 0)
    events.push({ kind: "edit_stamps", by, stamps, reason: reasonDue() });
  return events;
}
