import { randomUUID } from "node:crypto";
import type { Postgres } from "#db/postgres/client.ts";
import { insertRunbook, insertRunbookVersion } from "#db/postgres/queries/runbook.ts";
import { addReadyRunbooksInput, addReadyRunbooksOutput } from "#lib/api/runbook.ts";
import { attachRuleSchema } from "#lib/domain/runbook.ts";
import { defineService } from "../define-service.ts";
import { readyRunbooks } from "./ready-runbooks.ts";

/** Adds those of the ready runbooks that the workspace does not have; what was made of one stays as it is. */
export const addReadyRunbooks = defineService({
  name: "addReadyRunbooks",
  role: "editor",
  input: addReadyRunbooksInput,
  output: addReadyRunbooksOutput,
  writes: true,
  async run(ctx) {
    const added = await insertReadyRunbooks(ctx.pg, ctx.workspaceId, ctx.now);
    if (added.length === 0) ctx.audit("unchanged");
    else
      ctx.audit({
        action: "runbook.add_ready",
        targetKind: "workspace",
        targetId: ctx.workspaceId,
        after: { added },
      });
    return { addedCount: added.length };
  },
});

/** The keys of those that were added. */
export async function insertReadyRunbooks(
  pg: Postgres,
  workspaceId: string,
  now: Date,
): Promise<string[]> {
  const added: string[] = [];
  for (const { key, title, body, attach } of readyRunbooks) {
    const id = randomUUID();
    const made = { workspaceId, title, createdBy: "Plumbline", createdAt: now };
    const isNew = await insertRunbook(pg, {
      ...made,
      id,
      version: 1,
      revision: 1,
      attachRule: attachRuleSchema.parse(attach),
      isEnabled: true,
      libraryKey: key,
      updatedAt: now,
    });
    if (!isNew) continue;
    await insertRunbookVersion(pg, {
      ...made,
      runbookId: id,
      version: 1,
      body,
      note: "Ready-made",
    });
    added.push(key);
  }
  return added;
}
