import type { z } from "zod";
import { listOwnerNames } from "#db/postgres/queries/incident.ts";
import type { RunbookRow } from "#db/postgres/queries/runbook.ts";
import { countUses } from "#db/postgres/queries/runbook.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { runbookListOutput } from "#lib/api/runbook.ts";
import { sayAttachRule } from "#lib/rules/match-runbook.ts";
import { reviewStateOf } from "#lib/rules/review-state.ts";

type Summary = z.input<typeof runbookListOutput>["runbooks"][number];

export async function toRunbooks(
  scope: PostgresScope & { now: Date },
  rows: readonly RunbookRow[],
): Promise<Summary[]> {
  const names = await listOwnerNames(scope, rows);
  const uses = await countUses(
    scope,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const use = uses.get(row.id);
    return {
      id: row.id,
      title: row.title,
      version: row.version,
      revision: row.revision,
      owner: ownerOf(row, names),
      reviewBy: row.reviewBy,
      review: reviewStateOf(row.reviewBy, scope.now),
      attachRule: row.attachRule,
      attachSentence: sayAttachRule(row.attachRule),
      isEnabled: row.isEnabled,
      archivedAt: row.archivedAt?.toISOString() ?? null,
      isReady: row.libraryKey !== null,
      useCount: use?.useCount ?? 0,
      lastUsedAt: use?.lastAt?.toISOString() ?? null,
      updatedAt: row.updatedAt.toISOString(),
    };
  });
}

/** Who left the workspace owns nothing any more. */
function ownerOf(
  { ownerUserId, ownerTeamId }: RunbookRow,
  names: ReadonlyMap<string, string>,
): Summary["owner"] {
  const person = ownerUserId === null ? undefined : names.get(ownerUserId);
  if (ownerUserId !== null && person !== undefined)
    return { kind: "user", id: ownerUserId, name: person };
  const team = ownerTeamId === null ? undefined : names.get(ownerTeamId);
  return ownerTeamId === null || team === undefined
    ? null
    : { kind: "team", id: ownerTeamId, name: team };
}
