import { randomUUID } from "node:crypto";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { listIncidentNumbers } from "#db/postgres/queries/incident.ts";
import { findPostmortemRow, insertPostmortem } from "#db/postgres/queries/postmortem.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { createPostmortemInput, revisionOutput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { draftSection } from "#lib/rules/draft-postmortem.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { readTemplate } from "./get-template.ts";
import { takeOverTimeline } from "./import-entries.ts";

/** Begins the postmortem of an incident: its sections by the workspace's template, what the incident knows filled in. */
export const createPostmortem = defineService({
  name: "createPostmortem",
  role: "editor",
  input: createPostmortemInput,
  output: revisionOutput,
  writes: true,
  async run(ctx, { incident: number }) {
    const incident = await getIncidentRow(ctx, number);
    const refusal = await refuseBeginning(ctx, incident);
    if (refusal !== null) throw new AppError("conflict", refusal);
    const template = await readTemplate(ctx);
    const actor = await toIncidentActor(ctx);
    const { now } = ctx;
    const by = { updatedBy: actor.name, updatedAt: now };
    const id = randomUUID();
    const isNew = await insertPostmortem(
      ctx,
      {
        id,
        incidentId: incident.id,
        title: incident.title,
        state: "draft",
        templateVersion: template.version,
        ownerUserId: ctx.actor.kind === "user" ? ctx.actor.userId : null,
        contentAt: now,
        createdBy: actor.name,
        createdAt: now,
        updatedAt: now,
      },
      template.sections.map((section, position) => ({
        ...section,
        position,
        text: draftSection(section),
        ...by,
      })),
    );
    if (!isNew)
      throw new AppError("conflict", `Incident ${number} has a postmortem already: go on with it.`);
    const row = await findPostmortemRow(ctx, { id });
    if (row === null) throw new Error("A postmortem is not there though it was inserted.");
    await takeOverTimeline(ctx, { row, incident });
    await recordOnTimeline(ctx, {
      id: randomUUID(),
      incidentId: incident.id,
      kind: "postmortem",
      text: `${actor.name} began its postmortem`,
      actor,
      detail: { kind: "link", path: `postmortems/${number}`, label: "The postmortem" },
    });
    ctx.audit({
      action: "postmortem.create",
      targetKind: "postmortem",
      targetId: id,
      after: { incident: number, templateVersion: template.version },
    });
    return { revision: row.revision };
  },
});

/** While it goes on, nobody knows yet what it teaches, and hands are needed elsewhere. */
export async function refuseBeginning(
  scope: PostgresScope,
  { number, state, mergedIntoId }: IncidentRow,
): Promise<string | null> {
  if (isOpenIncident(state))
    return `Incident ${number} is ${state}: a postmortem begins once it is resolved.`;
  if (state !== "merged") return null;
  const into =
    mergedIntoId === null
      ? undefined
      : (await listIncidentNumbers(scope, [mergedIntoId])).get(mergedIntoId);
  return into === undefined
    ? `Incident ${number} was merged into another: write of that one.`
    : `Incident ${number} was merged into ${into}: write of that one.`;
}
