import { runbookDiffInput, runbookDiffOutput } from "#lib/api/runbook.ts";
import { diffLines } from "#lib/rules/diff-lines.ts";
import { defineService } from "../define-service.ts";
import { getVersionRow } from "./get-runbook-version.ts";

/** What changed from one version to another, line by line. */
export const getRunbookDiff = defineService({
  name: "getRunbookDiff",
  role: "viewer",
  input: runbookDiffInput,
  output: runbookDiffOutput,
  writes: false,
  async run(ctx, { runbookId, from, until }) {
    const older = await getVersionRow(ctx, runbookId, from);
    const newer = await getVersionRow(ctx, runbookId, until);
    const lines = diffLines(older.body, newer.body);
    const countOf = (kind: string) => lines.filter((line) => line.kind === kind).length;
    return { from, until, addedCount: countOf("added"), removedCount: countOf("removed"), lines };
  },
});
