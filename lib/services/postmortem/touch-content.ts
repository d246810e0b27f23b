import type { PostmortemRow } from "#db/postgres/queries/postmortem.ts";
import { updatePostmortemRow } from "#db/postgres/queries/postmortem.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";

/** Its content was changed: approvals from before are of something else. */
export async function touchContent(
  scope: PostgresScope & { now: Date },
  { id }: PostmortemRow,
): Promise<void> {
  await updatePostmortemRow(scope, id, { contentAt: scope.now, updatedAt: scope.now });
}
