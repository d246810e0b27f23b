import { lockRunbookRow, updateRunbookRow } from "#db/postgres/queries/runbook.ts";
import { archiveRunbookInput, runbookOutput } from "#lib/api/runbook.ts";
import { defineService } from "../define-service.ts";
import { noSuchRunbook, readRunbook } from "./get-runbook.ts";

/** Puts it away, or takes it back: nothing of it is lost, and it is attached to nothing meanwhile. */
export const archiveRunbook = defineService({
  name: "archiveRunbook",
  role: "editor",
  input: archiveRunbookInput,
  output: runbookOutput,
  writes: true,
  async run(ctx, { runbookId, isArchived }) {
    const before = await lockRunbookRow(ctx, runbookId);
    if (before === null) throw noSuchRunbook();
    if ((before.archivedAt !== null) === isArchived) {
      ctx.audit("unchanged");
      return readRunbook(ctx, runbookId);
    }
    const archivedAt = isArchived ? ctx.now : null;
    await updateRunbookRow(ctx, runbookId, {
      archivedAt,
      revision: before.revision + 1,
      updatedAt: ctx.now,
    });
    ctx.audit({
      action: isArchived ? "runbook.archive" : "runbook.restore",
      targetKind: "runbook",
      targetId: runbookId,
      before: { archivedAt: before.archivedAt },
      after: { archivedAt },
    });
    return readRunbook(ctx, runbookId);
  },
});
