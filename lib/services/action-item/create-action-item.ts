import { randomUUID } from "node:crypto";
import {
  drawActionItemNumber,
  insertActionItem,
  insertActionItemEvent,
} from "#db/postgres/queries/action-item.ts";
import { findPostmortemRow } from "#db/postgres/queries/postmortem.ts";
import { createActionItemInput, createActionItemOutput } from "#lib/api/action-item.ts";
import { nextReminder } from "#lib/rules/remind-item.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { checkAcceptance, resolveOwner } from "./check-fields.ts";
import { zoneOf } from "./get-action-item.ts";

/** Writes down what is to be done, of an incident or alone. */
export const createActionItem = defineService({
  name: "createActionItem",
  role: "editor",
  input: createActionItemInput,
  output: createActionItemOutput,
  writes: true,
  async run(ctx, { incident: incidentNumber, owner, acceptance, ...fields }) {
    const incident =
      incidentNumber === undefined ? null : await getIncidentRow(ctx, incidentNumber);
    const owned = await resolveOwner(ctx, owner);
    if (acceptance !== null) await checkAcceptance(ctx, acceptance);
    const postmortem =
      incident === null ? null : await findPostmortemRow(ctx, { incidentId: incident.id });
    const actor = await toIncidentActor(ctx);
    const id = randomUUID();
    const number = await drawActionItemNumber(ctx);
    const { now } = ctx;
    await insertActionItem(ctx, {
      ...fields,
      ...owned,
      id,
      number,
      state: "open",
      acceptance,
      incidentId: incident?.id ?? null,
      postmortemId: postmortem?.id ?? null,
      testDueAt: acceptance === null ? null : now,
      remindAt: nextReminder(fields.dueOn, { zone: await zoneOf(ctx), after: now }),
      createdBy: actor.name,
      createdAt: now,
      updatedAt: now,
    });
    await insertActionItemEvent(ctx, {
      id: randomUUID(),
      itemId: id,
      kind: "created",
      text: `${actor.name} wrote it down`,
      actor: actor.name,
      occurredAt: now,
    });
    if (incident !== null)
      await recordOnTimeline(ctx, {
        id: randomUUID(),
        incidentId: incident.id,
        kind: "action_item",
        text: `${actor.name} wrote down what is to be done: ${fields.title}`,
        actor,
        detail: { kind: "link", path: `action-items/${number}`, label: `A-${number}` },
      });
    ctx.audit({
      action: "action_item.create",
      targetKind: "action_item",
      targetId: id,
      after: { number, incident: incidentNumber, owner, acceptance, ...fields },
    });
    return { number };
  },
});
