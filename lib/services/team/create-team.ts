import { randomUUID } from "node:crypto";
import {
  countTeams,
  insertTeam,
  replaceTeamMembers,
  replaceTeamModels,
  teamLimits,
} from "#db/postgres/queries/team.ts";
import { createTeamInput, teamIdOutput } from "#lib/api/team.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { resolveTeam } from "./resolve-team.ts";

export const createTeam = defineService({
  name: "createTeam",
  role: "admin",
  input: createTeamInput,
  output: teamIdOutput,
  writes: true,
  async run(ctx, input) {
    const modelIds = await resolveTeam(ctx, input, null);
    if ((await countTeams(ctx)) >= teamLimits.teamsMax) {
      const most = `This workspace has ${teamLimits.teamsMax} teams, which is the most.`;
      throw new AppError("limit_exceeded", most);
    }
    const id = randomUUID();
    const { name, escalationPolicyId, destinationIds, memberIds } = input;
    await insertTeam(ctx, { id, name, escalationPolicyId, destinationIds, createdAt: ctx.now });
    await replaceTeamMembers(ctx, id, [...new Set(memberIds)]);
    await replaceTeamModels(ctx, id, modelIds);
    ctx.audit({ action: "team.create", targetKind: "team", targetId: id, after: input });
    return { id };
  },
});
