import { findKeyRow } from "#db/postgres/queries/key.ts";
import { findUser } from "#db/postgres/queries/user.ts";
import type { CallContext } from "../context.ts";

/** Who did it, for people to read: a person's name, or that of a key. */
export async function nameActor(call: CallContext): Promise<string> {
  const pg = call.postgres.db;
  switch (call.actor.kind) {
    case "user":
      return (await findUser(pg, call.actor.userId))?.name ?? "";
    case "key": {
      const key = await findKeyRow({ pg, workspaceId: call.workspaceId }, call.actor.keyId);
      return key === null ? "" : `key ${key.name}`;
    }
    case "job":
      return call.actor.name;
  }
}
