import type { ApiKeyScope } from "#lib/domain/role.ts";
import { hasRole } from "#lib/domain/role.ts";
import type { Actor } from "../context.ts";

/** A key makes and ends keys only with the admin scope: one that leaked must not be able to outlive its revocation. */
export function mayManageKey(actor: Actor, key: { scopes: readonly ApiKeyScope[] }): boolean {
  switch (actor.kind) {
    case "user":
      return hasRole(actor.role, key.scopes.includes("admin") ? "admin" : "editor");
    case "key":
      return actor.scopes.includes("admin");
    case "job":
      return true;
  }
}
