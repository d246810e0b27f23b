import { AppError } from "#lib/domain/errors.ts";
import type { Role } from "#lib/domain/role.ts";
import { hasRole } from "#lib/domain/role.ts";
import type { Actor } from "../context.ts";

/** Nobody hands out, changes or takes away more than he has. A key, whatever its scopes, stands below an owner. */
export function assertMayGrant(actor: Actor, role: Role): void {
  const own = roleOf(actor);
  if (hasRole(own, role)) return;
  throw new AppError("forbidden", `Only an ${role} can do that; you are ${own}.`);
}

function roleOf(actor: Actor): Role {
  switch (actor.kind) {
    case "user":
      return actor.role;
    case "key":
      return actor.scopes.includes("admin") ? "admin" : "viewer";
    case "job":
      return "owner";
  }
}
