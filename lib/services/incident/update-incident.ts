import { isMember } from "#db/postgres/queries/incident.ts";
import { incidentOutput, updateIncidentInput } from "#lib/api/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentStamps } from "#lib/domain/incident.ts";
import { incidentStampNames } from "#lib/domain/incident.ts";
import type { IncidentEvent } from "#lib/rules/step-incident.ts";
import { defineService } from "../define-service.ts";
import { alertingOf } from "./alerting.ts";
import { openLocked } from "./change-incident.ts";
import { getIncidentRow, readIncident } from "./get-incident.ts";
import { toAlertingOptions, toIncidentActor } from "./to-alerting.ts";

type Input = (typeof updateIncidentInput)["_output"];

/** Sets what a person knows better: severity, owner, and when things happened. */
export const updateIncident = defineService({
  name: "updateIncident",
  role: "editor",
  input: updateIncidentInput,
  output: incidentOutput,
  writes: true,
  async run(ctx, input) {
    const before = await getIncidentRow(ctx, input.incident);
    const actor = await toIncidentActor(ctx);
    const { desk, file } = await openLocked(alertingOf(ctx.pg, toAlertingOptions(ctx)), before.id);
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
    const { ownerUserId } = input;
    if (ownerUserId !== undefined && ownerUserId !== before.ownerUserId) {
      if (ownerUserId !== null && !(await isMember(ctx, ownerUserId)))
        throw new AppError("invalid_request", "`ownerUserId` is no member of this workspace.", {
          details: [{ path: "ownerUserId", message: "expected the id of a member" }],
        });
      file.row = { ...file.row, ownerUserId, ownerTeamId: null };
      const text =
        ownerUserId === null
          ? `${actor.name} took its owner away`
          : `${actor.name} gave it an owner`;
      desk.note(file, { kind: "owner_changed", text, occurredAt: ctx.now }, actor);
      isChanged = true;
    }
    if (!isChanged) {
      ctx.audit("unchanged");
      return readIncident(ctx, input.incident);
    }
    await desk.close();
    const { incident: _, ...after } = input;
    ctx.audit({
      action: "incident.update",
      targetKind: "incident",
      targetId: before.id,
      before: Object.fromEntries(
        Object.keys(after).map((name) => [name, before[name as keyof typeof before] ?? null]),
      ),
      after,
    });
    return readIncident(ctx, input.incident);
  },
});

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
