import {
  findTeamRow,
  replaceTeamMembers,
  replaceTeamModels,
  updateTeamRow,
} from "#db/postgres/queries/team.ts";
import { teamIdOutput, updateTeamInput } from "#lib/api/team.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { resolveTeam } from "./resolve-team.ts";

export const updateTeam = defineService({
  name: "updateTeam",
  role: "admin",
  input: updateTeamInput,
  output: teamIdOutput,
  writes: true,
  async run(ctx, { teamId, ...input }) {
    const before = await findTeamRow(ctx, teamId);
    if (before === null) throw new AppError("not_found", "There is no such team.");
    const modelIds = await resolveTeam(ctx, input, teamId);
    const { name, escalationPolicyId, destinationIds, memberIds } = input;
    await updateTeamRow(ctx, teamId, { name, escalationPolicyId, destinationIds });
    await replaceTeamMembers(ctx, teamId, [...new Set(memberIds)]);
    await replaceTeamModels(ctx, teamId, modelIds);
    ctx.audit({
      action: "team.update",
      targetKind: "team",
      targetId: teamId,
      before,
      after: input,
    });
    return { id: teamId };
  },
});
