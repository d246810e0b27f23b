import { findEntryRow, updateEntryRow } from "#db/postgres/queries/postmortem.ts";
import { entryOutput, updateEntryInput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { openForWriting } from "./get-postmortem-row.ts";
import { toEntry } from "./read-content.ts";
import { touchContent } from "./touch-content.ts";

/** Takes an entry in or out, or words it anew. What it said on the incident stays beside it. */
export const curateEntry = defineService({
  name: "curateEntry",
  role: "editor",
  input: updateEntryInput,
  output: entryOutput,
  writes: true,
  async run(ctx, { incident, entryId, revision, occurredAt, ...patch }) {
    const { row } = await openForWriting(ctx, incident);
    const key = { postmortemId: row.id, id: entryId };
    const before = await findEntryRow(ctx, key);
    if (before === null) throw new AppError("not_found", "There is no such entry.");
    if (before.revision !== revision)
      throw new AppError(
        "stale",
        `${before.updatedBy} changed this entry meanwhile (revision ${before.revision}, yours ${revision}). Read it again.`,
      );
    const after = {
      ...Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)),
      ...(occurredAt === undefined ? {} : { occurredAt: new Date(occurredAt) }),
    };
    await updateEntryRow(ctx, entryId, {
      ...after,
      revision: revision + 1,
      updatedBy: await nameActor(ctx.call),
      updatedAt: ctx.now,
    });
    await touchContent(ctx, row);
    ctx.audit({
      action: "postmortem.update_entry",
      targetKind: "postmortem",
      targetId: row.id,
      before: toEntry(before),
      after,
    });
    const changed = await findEntryRow(ctx, key);
    if (changed === null) throw new Error("An entry is gone though it was locked.");
    return toEntry(changed);
  },
});
