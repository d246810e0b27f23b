import { listDestinationRows } from "#db/postgres/queries/destination.ts";
import { listMemberRows } from "#db/postgres/queries/member.ts";
import type { MonitorRow } from "#db/postgres/queries/monitor.ts";
import { findTeamRow } from "#db/postgres/queries/team.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { MonitorDraft } from "#lib/domain/monitor-definition.ts";
import { causeClassOf } from "#lib/domain/monitor-definition.ts";
import { beginningOf } from "#lib/rules/plan-windows.ts";

/** What a draft becomes in the store. */
export function toRow(
  draft: MonitorDraft,
  now: Date,
): Omit<
  MonitorRow,
  | "id"
  | "workspaceId"
  | "modelId"
  | "revision"
  | "createdAt"
  | "evaluatedAt"
  | "skippedCount"
  | "skippedUntil"
> {
  const nextWindowUntil = beginningOf(draft.definition, draft.windowCount, now);
  return {
    ...draft,
    causeClass: draft.causeClass ?? causeClassOf[draft.kind],
    nextWindowUntil,
    dueAt: new Date(nextWindowUntil.getTime() + draft.definition.settleSeconds * 1_000),
    updatedAt: now,
  };
}

/** Who owns a monitor and where it goes must be of this workspace: nobody else is told, nor learns who there is. */
export async function assertTold(
  scope: PostgresScope,
  { ownerUserId, ownerTeamId, destinationIds }: MonitorDraft,
): Promise<void> {
  if (ownerUserId !== null) {
    const members = await listMemberRows(scope);
    if (!members.some((member) => member.userId === ownerUserId))
      throw refusal("ownerUserId", "expected the id of a member of this workspace");
  }
  if (ownerTeamId !== null && (await findTeamRow(scope, ownerTeamId)) === null)
    throw refusal("ownerTeamId", "expected the id of a team of this workspace");
  if (destinationIds.length === 0) return;
  const known = new Set((await listDestinationRows(scope)).map(({ id }) => id));
  if (!destinationIds.every((id) => known.has(id)))
    throw refusal("destinationIds", "expected ids of destinations of this workspace");
}

function refusal(field: string, message: string): AppError {
  return new AppError("invalid_request", `The monitor can't be used: \`${field}\` ${message}.`, {
    details: [{ path: `monitor.${field}`, message }],
  });
}
