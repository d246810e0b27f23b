import { randomUUID } from "node:crypto";
import { findEntryRow, insertEntries } from "#db/postgres/queries/postmortem.ts";
import { addEntryInput, entryOutput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { openForWriting } from "./get-postmortem-row.ts";
import { toEntry } from "./read-content.ts";
import { touchContent } from "./touch-content.ts";

/** Writes an entry that the incident's timeline does not have: what came before it, what nobody knew. */
export const addEntry = defineService({
  name: "addEntry",
  role: "editor",
  input: addEntryInput,
  output: entryOutput,
  writes: true,
  async run(ctx, { incident, occurredAt, text, link }) {
    const at = new Date(occurredAt);
    if (at > ctx.now)
      throw new AppError("invalid_request", "A timeline tells what has happened.", {
        details: [{ path: "occurredAt", message: "expected a moment that is not ahead of now" }],
      });
    const { row } = await openForWriting(ctx, incident);
    const id = randomUUID();
    const entry = { id, occurredAt: at, text, link, isIncluded: true };
    await insertEntries(ctx, [
      {
        ...entry,
        postmortemId: row.id,
        updatedBy: await nameActor(ctx.call),
        updatedAt: ctx.now,
      },
    ]);
    await touchContent(ctx, row);
    ctx.audit({
      action: "postmortem.add_entry",
      targetKind: "postmortem",
      targetId: row.id,
      after: entry,
    });
    const added = await findEntryRow(ctx, { postmortemId: row.id, id });
    if (added === null) throw new Error("An entry is not there though it was inserted.");
    return toEntry(added);
  },
});
