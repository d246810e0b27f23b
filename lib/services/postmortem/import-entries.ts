import { randomUUID } from "node:crypto";
import { listTimeline } from "#db/postgres/queries/incident.ts";
import { insertEntries } from "#db/postgres/queries/postmortem.ts";
import { importEntriesOutput, postmortemInput } from "#lib/api/postmortem.ts";
import { isWorthTelling, leaveOutNames } from "#lib/rules/draft-postmortem.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import type { PostmortemFile } from "./get-postmortem-row.ts";
import { openForWriting } from "./get-postmortem-row.ts";
import { touchContent } from "./touch-content.ts";

/** Takes over what the incident's timeline has got since; what was curated stays as it is. */
export const importEntries = defineService({
  name: "importEntries",
  role: "editor",
  input: postmortemInput,
  output: importEntriesOutput,
  writes: true,
  async run(ctx, { incident }) {
    const file = await openForWriting(ctx, incident);
    const addedCount = await takeOverTimeline(ctx, file);
    if (addedCount === 0) {
      ctx.audit("unchanged");
      return { addedCount };
    }
    await touchContent(ctx, file.row);
    ctx.audit({
      action: "postmortem.import_timeline",
      targetKind: "postmortem",
      targetId: file.row.id,
      after: { addedCount },
    });
    return { addedCount };
  },
});

/** Every entry comes, so that none is lost from sight; what tells a reader little is left out until somebody takes it in. */
export async function takeOverTimeline(
  ctx: ServiceContext,
  { row, incident }: PostmortemFile,
): Promise<number> {
  const timeline = await listTimeline(ctx, incident.id);
  const people = timeline.flatMap(({ actor }) =>
    actor.kind === "user" || actor.kind === "outside" ? actor.name : [],
  );
  const updatedBy = await nameActor(ctx.call);
  return insertEntries(
    ctx,
    timeline
      .filter(({ kind }) => kind !== "postmortem" && kind !== "action_item")
      .map(({ id, kind, text, occurredAt }) => ({
        id: randomUUID(),
        postmortemId: row.id,
        sourceId: id,
        originalText: text,
        occurredAt,
        text: leaveOutNames(text, people),
        isIncluded: isWorthTelling(kind),
        updatedBy,
        updatedAt: ctx.now,
      })),
  );
}
