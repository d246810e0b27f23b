import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { requestJson, workspacePath } from "./request.ts";

const teamSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  members: z.array(z.object({ userId: z.uuid(), name: z.string() })),
  /** Who is paged for its incidents; null: the default policy's. */
  escalationPolicyId: z.uuid().nullable(),
  escalationPolicyName: z.string().nullable(),
  /** Where messages about its models go. */
  destinationIds: z.array(z.uuid()),
  /** The models that it owns. */
  models: z.array(z.string()),
});
export type Team = z.infer<typeof teamSchema>;

export const teamListOutput = z.object({
  teams: z.array(teamSchema),
  /** Models that nobody owns: their incidents go to the default policy. */
  unownedModels: z.array(z.string()),
});
export type TeamList = z.infer<typeof teamListOutput>;

const teamFields = z.object({
  name: z.string().trim().min(1).max(80),
  memberIds: z.array(z.uuid()).max(200),
  escalationPolicyId: z.uuid().nullable(),
  destinationIds: z.array(z.uuid()).max(10),
  /** Names of the models that it owns: taken from whoever had them. */
  models: z.array(z.string().min(1).max(128)).max(1_000),
});
export const createTeamInput = teamFields;
export const teamIdOutput = z.object({ id: z.uuid() });
export const updateTeamInput = teamFields.extend({ teamId: z.uuid() });
export const deleteTeamInput = z.object({ teamId: z.uuid() });

const teamsPath = (workspace: string) => `${workspacePath(workspace)}/teams`;

export const teamListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["team", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: teamsPath(workspace), output: teamListOutput, signal }),
  });

export const createTeam = (workspace: string, body: z.input<typeof createTeamInput>) =>
  requestJson({ path: teamsPath(workspace), method: "POST", body, output: teamIdOutput });

export const updateTeam = (
  workspace: string,
  { teamId, ...body }: z.input<typeof updateTeamInput>,
) =>
  requestJson({
    path: `${teamsPath(workspace)}/${teamId}`,
    method: "PATCH",
    body,
    output: teamIdOutput,
  });

export const deleteTeam = (workspace: string, teamId: string) =>
  requestJson({
    path: `${teamsPath(workspace)}/${teamId}`,
    method: "DELETE",
    output: z.undefined(),
  });
