import { listRunbookRows } from "#db/postgres/queries/runbook.ts";
import { runbookListInput, runbookListOutput } from "#lib/api/runbook.ts";
import { defineService } from "../define-service.ts";
import { readyRunbooks } from "./ready-runbooks.ts";
import { toRunbooks } from "./to-runbook.ts";

export const listRunbooks = defineService({
  name: "listRunbooks",
  role: "viewer",
  input: runbookListInput,
  output: runbookListOutput,
  writes: false,
  async run(ctx, { state }) {
    const [current, archived] = [
      await listRunbookRows(ctx, false),
      await listRunbookRows(ctx, true),
    ];
    const known = new Set([...current, ...archived].map(({ libraryKey }) => libraryKey));
    return {
      runbooks: await toRunbooks(ctx, state === "current" ? current : archived),
      readyCount: readyRunbooks.filter(({ key }) => !known.has(key)).length,
    };
  },
});
