import { z } from "zod";
import { deleteTeamRow, findTeamRow } from "#db/postgres/queries/team.ts";
import { deleteTeamInput } from "#lib/api/team.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { assertNotTargeted } from "../escalation/assert-not-targeted.ts";

/** Its models belong to nobody then, and their incidents go to the default policy. */
export const deleteTeam = defineService({
  name: "deleteTeam",
  role: "admin",
  input: deleteTeamInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { teamId }) {
    const before = await findTeamRow(ctx, teamId);
    if (before === null) throw new AppError("not_found", "There is no such team.");
    await assertNotTargeted(ctx, { kind: "team", id: teamId });
    await deleteTeamRow(ctx, teamId);
    ctx.audit({ action: "team.delete", targetKind: "team", targetId: teamId, before });
    return undefined;
  },
});
