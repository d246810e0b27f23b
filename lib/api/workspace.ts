import { z } from "zod";
import { slugSchema } from "#lib/domain/id.ts";
import { requestJson, workspacePath } from "./request.ts";

export const workspaceOutput = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  timeZone: z.string(),
  isDemo: z.boolean(),
  rawRetentionDays: z.int().nullable(),
});
export type Workspace = z.infer<typeof workspaceOutput>;

export const createWorkspaceInput = z.object({
  slug: slugSchema,
  name: z.string().trim().min(1).max(80),
  timeZone: z.string().min(1).max(64).default("UTC"),
});

export const updateWorkspaceInput = z.object({
  name: z.string().trim().min(1).max(80).optional(),
  timeZone: z.string().min(1).max(64).optional(),
});

export const updateWorkspace = (workspace: string, body: z.input<typeof updateWorkspaceInput>) =>
  requestJson({ path: workspacePath(workspace), method: "PATCH", body, output: workspaceOutput });
