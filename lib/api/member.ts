import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { roleSchema } from "#lib/domain/role.ts";
import { requestJson, workspacePath } from "./request.ts";

export const memberListOutput = z.object({
  members: z.array(
    z.object({
      userId: z.uuid(),
      name: z.string(),
      email: z.string(),
      role: roleSchema,
      joinedAt: z.iso.datetime(),
    }),
  ),
  invitations: z.array(
    z.object({
      id: z.uuid(),
      email: z.string(),
      role: roleSchema,
      createdAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
    }),
  ),
});
export type MemberList = z.infer<typeof memberListOutput>;

export const inviteMemberInput = z.object({ email: z.email(), role: roleSchema });
/** The link is shown once; whoever opens it within seven days joins. */
export const inviteMemberOutput = z.object({ invitationId: z.uuid(), link: z.string() });
/** Whoever is signed in joins; whoever is not makes an account for the invited address with a name and a password. */
export const acceptInvitationInput = z.object({
  token: z.string().min(20).max(100),
  name: z.string().trim().min(1).max(120).optional(),
  password: z.string().max(200).optional(),
});
export const acceptInvitationOutput = z.object({ workspace: z.string(), email: z.string() });
export const updateMemberInput = z.object({ userId: z.uuid(), role: roleSchema });
export const removeMemberInput = z.object({ userId: z.uuid() });
export const revokeInvitationInput = z.object({ invitationId: z.uuid() });

export const memberListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["member", workspace],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/members`,
        output: memberListOutput,
        signal,
      }),
  });

export const inviteMember = (workspace: string, body: z.input<typeof inviteMemberInput>) =>
  requestJson({
    path: `${workspacePath(workspace)}/members`,
    method: "POST",
    body,
    output: inviteMemberOutput,
  });

export const updateMember = (workspace: string, userId: string, role: z.infer<typeof roleSchema>) =>
  requestJson({
    path: `${workspacePath(workspace)}/members/${userId}`,
    method: "PATCH",
    body: { role },
    output: z.undefined(),
  });

export const removeMember = (workspace: string, userId: string) =>
  requestJson({
    path: `${workspacePath(workspace)}/members/${userId}`,
    method: "DELETE",
    output: z.undefined(),
  });

export const revokeInvitation = (workspace: string, invitationId: string) =>
  requestJson({
    path: `${workspacePath(workspace)}/invitations/${invitationId}`,
    method: "DELETE",
    output: z.undefined(),
  });

export const acceptInvitation = (body: z.input<typeof acceptInvitationInput>) =>
  requestJson({
    path: "/invitations/accept",
    method: "POST",
    body,
    output: acceptInvitationOutput,
  });
