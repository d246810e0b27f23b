import { AppError } from "#lib/domain/errors.ts";
import type { Role } from "#lib/domain/role.ts";
import { hasRole } from "#lib/domain/role.ts";
import type { Actor } from "../context.ts";

/** Whether somebody has the role that an action asks for; a key stands for editors by `write`, for all by `admin`. */
export function mayAct(actor: Actor, role: Role): boolean {
  switch (actor.kind) {
    case "user":
      return hasRole(actor.role, role);
    case "key":
      return (
        actor.scopes.includes("admin") || (role === "editor" && actor.scopes.includes("write"))
      );
    case "job":
      return true;
  }
}

export function assertMayAct(actor: Actor, role: Role, what: string): void {
  if (!mayAct(actor, role))
    throw new AppError("forbidden", `${what} needs the role ${role}, as its action says.`);
}

export function idOf(actor: Actor): string {
  switch (actor.kind) {
    case "user":
      return actor.userId;
    case "key":
      return actor.keyId;
    case "job":
      return actor.name;
  }
}
