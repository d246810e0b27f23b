import type { RunbookVersionRow } from "#db/postgres/queries/runbook.ts";
import { findRunbookVersion } from "#db/postgres/queries/runbook.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { runbookVersionInput, runbookVersionOutput } from "#lib/api/runbook.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getRunbookRow } from "./get-runbook.ts";

export const getRunbookVersion = defineService({
  name: "getRunbookVersion",
  role: "viewer",
  input: runbookVersionInput,
  output: runbookVersionOutput,
  writes: false,
  async run(ctx, { runbookId, version }) {
    const { title, body, note, createdBy, createdAt } = await getVersionRow(
      ctx,
      runbookId,
      version,
    );
    return { version, title, body, note, createdBy, createdAt: createdAt.toISOString() };
  },
});

export async function getVersionRow(
  scope: PostgresScope,
  runbookId: string,
  version: number,
): Promise<RunbookVersionRow> {
  await getRunbookRow(scope, runbookId);
  const row = await findRunbookVersion(scope, runbookId, version);
  if (row === null) throw new AppError("not_found", `This runbook has no version ${version}.`);
  return row;
}
