import { findWorkspace, updateWorkspaceRow } from "#db/postgres/queries/workspace.ts";
import { updateWorkspaceInput, workspaceOutput } from "#lib/api/workspace.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { assertTimeZone } from "./assert-time-zone.ts";

export const updateWorkspace = defineService({
  name: "updateWorkspace",
  role: "admin",
  input: updateWorkspaceInput,
  output: workspaceOutput,
  writes: true,
  async run(ctx, input) {
    if (input.timeZone !== undefined) assertTimeZone(input.timeZone);
    const before = await findWorkspace(ctx);
    if (before === null) throw new AppError("not_found", "There is no such workspace.");
    const name = input.name ?? before.name;
    const timeZone = input.timeZone ?? before.timeZone;
    if (name === before.name && timeZone === before.timeZone) {
      ctx.audit("unchanged");
      return before;
    }
    const after = (await updateWorkspaceRow(ctx, { name, timeZone })) ?? before;
    ctx.audit({
      action: "workspace.update",
      targetKind: "workspace",
      targetId: ctx.workspaceId,
      before: { name: before.name, timeZone: before.timeZone },
      after: { name, timeZone },
    });
    return after;
  },
});
