import { z } from "zod";
import { updateActionRow } from "#db/postgres/queries/action.ts";
import { listReactionsOfAction } from "#db/postgres/queries/reaction.ts";
import { actionInput } from "#lib/api/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getActionRow } from "./to-action.ts";

/** Its runs stay; what has not been sent yet is not sent any more. */
export const deleteAction = defineService({
  name: "deleteAction",
  role: "admin",
  input: actionInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { actionId }) {
    const row = await getActionRow(ctx, { id: actionId });
    const [reaction] = await listReactionsOfAction(ctx, actionId);
    if (reaction !== undefined)
      throw new AppError(
        "conflict",
        `The reaction "${reaction.name}" calls it; delete that first.`,
      );
    const deleted = await updateActionRow(ctx, actionId, row.revision, {
      deletedAt: ctx.now,
      isEnabled: false,
      updatedAt: ctx.now,
    });
    if (deleted === null)
      throw new AppError("stale", "The action was changed since you read it; read it again.");
    ctx.audit({
      action: "action.delete",
      targetKind: "action",
      targetId: actionId,
      before: { slug: row.slug, name: row.name },
    });
    return undefined;
  },
});
