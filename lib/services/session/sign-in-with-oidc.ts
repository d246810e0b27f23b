import { randomUUID } from "node:crypto";
import type { Postgres, PostgresPool } from "#db/postgres/client.ts";
import {
  findUserByEmail,
  findUserByOidcSubject,
  hasOpenInvitation,
  insertUser,
  setOidcSubject,
} from "#db/postgres/queries/user.ts";

export interface OidcIdentity {
  issuer: string;
  subject: string;
  email: string;
  isEmailVerified: boolean;
  name: string;
}

/** Which account an identity of the provider stands for; null when it may not come in. An e-mail address counts only when
 *  the provider verified it, and a new account needs an invitation: a provider with many tenants lets nobody in by itself. */
export function signInWithOidc(
  postgres: PostgresPool,
  identity: OidcIdentity,
  now: Date,
): Promise<string | null> {
  return postgres.transaction((tx) => accountOf(tx, identity, now));
}

async function accountOf(pg: Postgres, identity: OidcIdentity, now: Date): Promise<string | null> {
  const oidcSubject = `${identity.issuer} ${identity.subject}`;
  const linked = await findUserByOidcSubject(pg, oidcSubject);
  if (linked !== null) return linked.id;
  if (!identity.isEmailVerified) return null;
  const known = await findUserByEmail(pg, identity.email);
  if (known !== null) {
    if (known.oidcSubject !== null) return null;
    await setOidcSubject(pg, known.id, oidcSubject);
    return known.id;
  }
  if (!(await hasOpenInvitation(pg, identity.email, now))) return null;
  const id = randomUUID();
  const isNew = await insertUser(pg, {
    id,
    email: identity.email,
    name: identity.name,
    oidcSubject,
    createdAt: now,
  });
  return isNew ? id : null;
}
