import { listRunbookVersions as listRows } from "#db/postgres/queries/runbook.ts";
import { runbookInput, runbookVersionsOutput } from "#lib/api/runbook.ts";
import { defineService } from "../define-service.ts";
import { getRunbookRow } from "./get-runbook.ts";

export const listRunbookVersions = defineService({
  name: "listRunbookVersions",
  role: "viewer",
  input: runbookInput,
  output: runbookVersionsOutput,
  writes: false,
  async run(ctx, { runbookId }) {
    await getRunbookRow(ctx, runbookId);
    const rows = await listRows(ctx, runbookId);
    return {
      versions: rows.map(({ createdAt, ...row }) => ({
        ...row,
        createdAt: createdAt.toISOString(),
      })),
    };
  },
});
