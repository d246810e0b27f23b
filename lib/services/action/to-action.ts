import type { ActionRow } from "#db/postgres/queries/action.ts";
import { findActionRow } from "#db/postgres/queries/action.ts";
import { listLastRuns } from "#db/postgres/queries/action-run.ts";
import type { Action } from "#lib/api/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ServiceContext } from "../context.ts";
import { getOutgoing } from "../destination/get-outgoing.ts";
import { SealBroken } from "../destination/seal-secret.ts";
import { openSecrets } from "./action-secrets.ts";

export async function toActions(
  ctx: ServiceContext,
  rows: readonly ActionRow[],
): Promise<Action[]> {
  const lastRuns = await listLastRuns(ctx);
  return rows.map((row): Action => {
    const last = lastRuns.get(row.id);
    return {
      id: row.id,
      slug: row.slug,
      name: row.name,
      kind: row.kind,
      address: row.address,
      definition: row.definition,
      hasToken: hasToken(ctx, row),
      isEnabled: row.isEnabled,
      revision: row.revision,
      updatedAt: row.updatedAt.toISOString(),
      lastRun:
        last === undefined
          ? null
          : { state: last.state, requestedAt: last.requestedAt.toISOString() },
    };
  });
}

export async function toAction(ctx: ServiceContext, row: ActionRow): Promise<Action> {
  const [action] = await toActions(ctx, [row]);
  if (action === undefined) throw new Error("One action became none.");
  return action;
}

/** No, where what was sealed does not open any more: then it has to be given again. */
function hasToken(ctx: ServiceContext, row: ActionRow): boolean {
  try {
    return openSecrets(getOutgoing(ctx).sealer, row).bearerToken !== undefined;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

/** One that is there and was not deleted. */
export async function getActionRow(
  ctx: ServiceContext,
  key: { id: string } | { slug: string },
): Promise<ActionRow> {
  const row = await findActionRow(ctx, key);
  if (row === null || row.deletedAt !== null)
    throw new AppError("not_found", "There is no such action.");
  return row;
}
