import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { apiKeyScopeSchema } from "#lib/domain/role.ts";
import { requestJson, workspacePath } from "./request.ts";

const keySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The start of the key, enough to recognise it. */
  prefix: z.string(),
  scopes: z.array(apiKeyScopeSchema),
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type Key = z.infer<typeof keySchema>;

export const keyListOutput = z.object({ keys: z.array(keySchema) });

export const createKeyInput = z.object({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(apiKeyScopeSchema).min(1),
  expiresInDays: z.int().min(1).max(3_650).optional(),
});
/** `secret` is the whole key; it is answered here and never again. */
export const createKeyOutput = z.object({ key: keySchema, secret: z.string() });

export const keyListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["key", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: `${workspacePath(workspace)}/keys`, output: keyListOutput, signal }),
  });

export const createKey = (workspace: string, body: z.input<typeof createKeyInput>) =>
  requestJson({
    path: `${workspacePath(workspace)}/keys`,
    method: "POST",
    body,
    output: createKeyOutput,
  });

export const revokeKeyInput = z.object({ keyId: z.uuid() });
export const revokeKey = (workspace: string, keyId: string) =>
  requestJson({
    path: `${workspacePath(workspace)}/keys/${keyId}`,
    method: "DELETE",
    output: z.undefined(),
  });
