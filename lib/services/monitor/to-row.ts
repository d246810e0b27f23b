import { listMemberRows } from "#db/postgres/queries/member.ts";
import type { MonitorRow } from "#db/postgres/queries/monitor.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { MonitorDraft } from "#lib/domain/monitor-definition.ts";
import { causeClassOf, isWatchedKind } from "#lib/domain/monitor-definition.ts";
import { firstUntilOf } from "#lib/rules/plan-windows.ts";

/** What a draft becomes in the store; it begins with the window that ended last, so that it answers at once. */
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
  const nextWindowUntil = firstUntilOf(draft.definition.cadence, now);
  return {
    ...draft,
    causeClass:
      draft.causeClass ?? (isWatchedKind(draft.kind) ? causeClassOf[draft.kind] : "other"),
    nextWindowUntil,
    dueAt: new Date(nextWindowUntil.getTime() + draft.definition.settleSeconds * 1_000),
    updatedAt: now,
  };
}

/** An owner is a member: nobody else would see the page. */
export async function assertOwner(
  scope: PostgresScope,
  { ownerUserId }: Pick<MonitorDraft, "ownerUserId">,
): Promise<void> {
  if (ownerUserId === null) return;
  const members = await listMemberRows(scope);
  if (members.some((member) => member.userId === ownerUserId)) return;
  const message = "expected the id of a member of this workspace";
  throw new AppError("invalid_request", `The owner can't be used: \`ownerUserId\` ${message}.`, {
    details: [{ path: "monitor.ownerUserId", message }],
  });
}
