import { randomUUID } from "node:crypto";
import { listNotificationRows } from "#db/postgres/queries/notification.ts";
import { findWorkspace } from "#db/postgres/queries/workspace.ts";
import { destinationInput, testDestinationOutput } from "#lib/api/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import { defineService } from "../define-service.ts";
import { enqueueNotifications } from "../notification/enqueue-notifications.ts";
import { getDestinationRow } from "./to-destination.ts";

/** A message that says that it is a test, by the way of every other one: the outbox, the worker, the same renderer and sender. At
 *  PagerDuty it is resolved at once. */
export const testDestination = defineService({
  name: "testDestination",
  role: "editor",
  input: destinationInput,
  output: testDestinationOutput,
  writes: true,
  async run(ctx, { destinationId }) {
    const row = await getDestinationRow(ctx, destinationId);
    if (!row.isEnabled)
      throw new AppError("conflict", "This destination is switched off; switch it on first.");
    const workspace = await findWorkspace(ctx);
    const incidentId = randomUUID();
    const test = testMessage(incidentId, workspace?.name ?? "", ctx.now);
    const messages: IncidentMessage[] =
      row.kind === "pagerduty"
        ? [test, { ...test, kind: "resolved", state: "resolved", sequence: 2 }]
        : [test];
    for (const message of messages) {
      await enqueueNotifications(ctx.pg, {
        workspaceId: ctx.workspaceId,
        message,
        destinationIds: [destinationId],
        now: ctx.now,
        newId: randomUUID,
      });
    }
    ctx.audit({
      action: "destination.test",
      targetKind: "destination",
      targetId: destinationId,
      after: { name: row.name },
    });
    const written = await listNotificationRows(ctx, { incidentId, countMax: 2 });
    return { notificationIds: written.map(({ id }) => id).reverse() };
  },
});

function testMessage(incidentId: string, workspaceName: string, now: Date): IncidentMessage {
  return {
    kind: "test",
    workspaceName,
    incidentId,
    incidentNumber: 0,
    sequence: 1,
    groupKey: `test ${incidentId}`,
    title: "a message of Plumbline arrives here",
    state: "triggered",
    severity: "sev5",
    causeClass: "other",
    model: null,
    answer: "Somebody pressed “Send test”. Nothing is broken, and there is nothing to do.",
    impactStartedAt: null,
    detectedAt: now.toISOString(),
    acknowledgedAt: null,
    acknowledgedBy: null,
    mitigatedAt: null,
    resolvedAt: null,
    ownerName: null,
    note: null,
    alerts: [],
    firingCount: 0,
    resolvedCount: 0,
    explainedCount: 0,
    runbookUrl: null,
    incidentUrl: null,
  };
}
