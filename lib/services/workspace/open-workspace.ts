import type { PostgresPool } from "#db/postgres/client.ts";
import { findMembership } from "#db/postgres/queries/workspace.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { Actor } from "../context.ts";
import { authenticateKey } from "../key/authenticate-key.ts";

export type Identity = { kind: "user"; userId: string } | { kind: "key"; key: string };

export interface OpenedWorkspace {
  workspaceId: string;
  actor: Actor;
}

const noSuchWorkspace = (slug: string) =>
  new AppError("not_found", `There is no workspace "${slug}", or it is not yours.`);

/** Who somebody is in one workspace, read anew on every request. A workspace of others is one that is not there. */
export async function openWorkspace(
  postgres: PostgresPool,
  identity: Identity,
  slug: string,
  now: Date,
): Promise<OpenedWorkspace> {
  switch (identity.kind) {
    case "user": {
      const membership = await findMembership(postgres.db, slug, identity.userId);
      if (membership === null) throw noSuchWorkspace(slug);
      const actor = { kind: "user" as const, userId: identity.userId, role: membership.role };
      return { workspaceId: membership.workspaceId, actor };
    }
    case "key": {
      const key = await authenticateKey(postgres, identity.key, now);
      if (key.slug !== slug) throw noSuchWorkspace(slug);
      const actor = { kind: "key" as const, keyId: key.keyId, scopes: key.scopes };
      return { workspaceId: key.workspaceId, actor };
    }
  }
}
