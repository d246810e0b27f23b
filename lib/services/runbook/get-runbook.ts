import type { z } from "zod";
import type { RunbookRow } from "#db/postgres/queries/runbook.ts";
import { findRunbookRow, findRunbookVersion } from "#db/postgres/queries/runbook.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { runbookInput, runbookOutput } from "#lib/api/runbook.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { toRunbooks } from "./to-runbook.ts";

export const getRunbook = defineService({
  name: "getRunbook",
  role: "viewer",
  input: runbookInput,
  output: runbookOutput,
  writes: false,
  run: (ctx, { runbookId }) => readRunbook(ctx, runbookId),
});

export const noSuchRunbook = () => new AppError("not_found", "There is no such runbook.");

export async function getRunbookRow(scope: PostgresScope, runbookId: string): Promise<RunbookRow> {
  const row = await findRunbookRow(scope, runbookId);
  if (row === null) throw noSuchRunbook();
  return row;
}

/** A runbook with what its newest version says. */
export async function readRunbook(
  scope: PostgresScope & { now: Date },
  runbookId: string,
): Promise<z.input<typeof runbookOutput>> {
  const row = await getRunbookRow(scope, runbookId);
  const newest = await findRunbookVersion(scope, runbookId, row.version);
  const [summary] = await toRunbooks(scope, [row]);
  if (newest === null || summary === undefined)
    throw new Error("A runbook lacks its newest version.");
  return {
    ...summary,
    body: newest.body,
    createdBy: row.createdBy,
    writtenBy: newest.createdBy,
    writtenAt: newest.createdAt.toISOString(),
  };
}
