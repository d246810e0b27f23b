import { z } from "zod";

/** From most to least: each role may do everything that the ones after it may. */
export const roles = ["owner", "admin", "editor", "viewer"] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export function hasRole(actual: Role, needed: Role): boolean {
  return roles.indexOf(actual) <= roles.indexOf(needed);
}

const apiKeyScopes = ["ingest", "read", "write", "admin"] as const;
export const apiKeyScopeSchema = z.enum(apiKeyScopes);
export type ApiKeyScope = z.infer<typeof apiKeyScopeSchema>;
