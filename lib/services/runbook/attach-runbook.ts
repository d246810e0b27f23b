import { randomUUID } from "node:crypto";
import {
  insertIncidentRunbook,
  listIncidentRunbooks,
} from "#db/postgres/queries/incident-runbook.ts";
import { attachRunbookInput, incidentRunbooksOutput } from "#lib/api/runbook.ts";
import { AppError } from "#lib/domain/errors.ts";
import { runbookLimits } from "#lib/domain/runbook.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { getRunbookRow } from "./get-runbook.ts";
import { readIncidentRunbooks } from "./list-incident-runbooks.ts";

/** Gives an incident a runbook by hand, as it is now. One that it has stays with the version that it has. */
export const attachRunbook = defineService({
  name: "attachRunbook",
  role: "editor",
  input: attachRunbookInput,
  output: incidentRunbooksOutput,
  writes: true,
  async run(ctx, { incident: number, runbookId }) {
    const incident = await getIncidentRow(ctx, number);
    const runbook = await getRunbookRow(ctx, runbookId);
    if (runbook.archivedAt !== null)
      throw new AppError("conflict", "This runbook is archived; take it back first.");
    const attached = await listIncidentRunbooks(ctx, incident.id);
    if (attached.length >= 2 * runbookLimits.attachedMax)
      throw new AppError(
        "limit_exceeded",
        `An incident has at most ${2 * runbookLimits.attachedMax} runbooks.`,
      );
    const actor = await toIncidentActor(ctx);
    const isNew = await insertIncidentRunbook(ctx.pg, {
      workspaceId: ctx.workspaceId,
      incidentId: incident.id,
      runbookId,
      version: runbook.version,
      place: attached.length,
      reason: "attached by hand",
      attachedBy: actor,
      attachedAt: ctx.now,
    });
    if (!isNew) {
      ctx.audit("unchanged");
      return readIncidentRunbooks(ctx, incident);
    }
    await recordOnTimeline(ctx, {
      id: randomUUID(),
      incidentId: incident.id,
      kind: "runbook_attached",
      text: `Runbook "${runbook.title}", version ${runbook.version}, attached by hand`,
      actor,
      detail: { kind: "link", path: `runbooks/${runbookId}`, label: runbook.title },
    });
    ctx.audit({
      action: "runbook.attach",
      targetKind: "incident",
      targetId: incident.id,
      after: { runbookId, version: runbook.version },
    });
    return readIncidentRunbooks(ctx, incident);
  },
});
