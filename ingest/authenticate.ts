import type { PostgresPool } from "#db/postgres/client.ts";
import type { FoundApiKey } from "#db/postgres/queries/find-api-key.ts";
import {
  findApiKey,
  getWorkspaceIngestFacts,
  touchApiKey,
} from "#db/postgres/queries/find-api-key.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ApiKeyScope } from "#lib/domain/role.ts";
import { hashApiKey, isApiKeyShaped } from "#lib/services/key/api-key.ts";
import { WorkspaceState } from "./catalogue.ts";

export interface Caller {
  keyId: string;
  workspace: WorkspaceState;
}

export interface AuthenticatorOptions {
  postgres: PostgresPool;
  now: () => number;
  onError: (error: unknown) => void;
  freshMs?: number;
}

interface Entry {
  key: FoundApiKey;
  workspace: WorkspaceState;
  fetchedMs: number;
  touchedMs: number;
}

const freshMsDefault = 60_000;
/** A key that was good goes on while Postgres is away; so a revocation takes this long at most. */
const staleMsMax = 15 * 60_000;
const unknownForMs = 5_000;
const touchEveryMs = 60_000;
const entriesMax = 10_000;
const lookupsMax = 256;

/** Keys are looked up by their hash and remembered; how long, the documentation of revocation says. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #unknown = new Map<string, number>();
  readonly #lookups = new Map<string, Promise<Entry | null>>();
  readonly #workspaces = new Map<string, WorkspaceState>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  async authenticate(authorization: string | undefined, scope: ApiKeyScope): Promise<Caller> {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (key === undefined)
      throw new AppError("unauthorized", "Send your API key as `Authorization: Bearer <key>`.");
    if (!isApiKeyShaped(key))
      throw new AppError("unauthorized", "This is not an API key of Plumbline.");
    const hash = hashApiKey(key);
    const nowMs = this.#options.now();
    const entry = await this.#entry(hash, nowMs);
    if (entry === null) throw new AppError("unauthorized", "The API key is not known.");
    if (entry.key.revokedAt !== null)
      throw new AppError("unauthorized", "The API key was revoked.");
    if (entry.key.expiresAt !== null && entry.key.expiresAt.getTime() <= nowMs) {
      throw new AppError("unauthorized", "The API key has expired.");
    }
    if (!entry.key.scopes.includes(scope)) {
      throw new AppError("forbidden", `The API key lacks the scope ${scope}.`);
    }
    this.#touch(entry, nowMs);
    return { keyId: entry.key.id, workspace: entry.workspace };
  }

  async #entry(hash: string, nowMs: number): Promise<Entry | null> {
    const known = this.#entries.get(hash);
    if (known !== undefined && nowMs - known.fetchedMs < (this.#options.freshMs ?? freshMsDefault))
      return known;
    if ((this.#unknown.get(hash) ?? 0) > nowMs) return null;
    try {
      return await this.#lookup(hash, nowMs);
    } catch (error) {
      this.#options.onError(error);
      if (known !== undefined && nowMs - known.fetchedMs < staleMsMax) return known;
      throw new AppError("unavailable", "API keys can't be checked at the moment.", {
        retryAfterSeconds: 5,
        cause: error,
      });
    }
  }

  /** Callers that ask for the same key at once share the question. */
  #lookup(hash: string, nowMs: number): Promise<Entry | null> {
    const asked = this.#lookups.get(hash);
    if (asked !== undefined) return asked;
    if (this.#lookups.size >= lookupsMax)
      throw new Error("Too many API keys are being looked up at once.");
    const lookup = this.#fetch(hash, nowMs).finally(() => this.#lookups.delete(hash));
    this.#lookups.set(hash, lookup);
    return lookup;
  }

  async #fetch(hash: string, nowMs: number): Promise<Entry | null> {
    const { postgres } = this.#options;
    const key = await findApiKey(postgres.db, hash);
    const facts = key === null ? null : await getWorkspaceIngestFacts(postgres.db, key.workspaceId);
    if (key === null || facts === null) {
      this.#entries.delete(hash);
      if (this.#unknown.size >= entriesMax) this.#unknown.clear();
      this.#unknown.set(hash, nowMs + unknownForMs);
      return null;
    }
    const workspace = this.#workspaces.get(key.workspaceId) ?? new WorkspaceState(key.workspaceId);
    workspace.learn(facts);
    if (this.#entries.size >= entriesMax) {
      this.#entries.clear();
      this.#workspaces.clear();
    }
    this.#workspaces.set(key.workspaceId, workspace);
    const entry = {
      key,
      workspace,
      fetchedMs: nowMs,
      touchedMs: this.#entries.get(hash)?.touchedMs ?? 0,
    };
    this.#entries.set(hash, entry);
    return entry;
  }

  #touch(entry: Entry, nowMs: number): void {
    if (nowMs - entry.touchedMs < touchEveryMs) return;
    entry.touchedMs = nowMs;
    touchApiKey(this.#options.postgres.db, entry.key.id, new Date(nowMs)).catch(
      this.#options.onError,
    );
  }
}
