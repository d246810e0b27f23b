import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import type { Postgres, PostgresPool } from "#db/postgres/client.ts";
import type { ApiKeyScope, Role } from "#lib/domain/role.ts";
import type { SecretSealer } from "./destination/seal-secret.ts";

/** Who does it. Switched over exhaustively wherever it matters. */
export type Actor =
  | { kind: "user"; userId: string; role: Role }
  | { kind: "key"; keyId: string; scopes: readonly ApiKeyScope[] }
  | { kind: "job"; name: string };

/** What a process holds for as long as it lives. */
export interface Stores {
  postgres: PostgresPool;
  clickhouse: ClickHouseClient;
  /** Where people find the console, for links that leave the product. */
  publicUrl?: string | undefined;
  /** Seals what is secret of destinations, and says which private hosts may be called; whoever changes or calls them knows both. */
  outgoing?: Outgoing | undefined;
}

export interface Outgoing {
  sealer: SecretSealer;
  allowedHosts: readonly string[];
}

/** What a door knows of a request once it is authenticated. */
export interface CallContext extends Stores {
  workspaceId: string;
  actor: Actor;
  now: Date;
  signal?: AbortSignal | undefined;
}

export interface AuditEntry {
  action: string;
  targetKind: string;
  targetId: string;
  before?: unknown;
  after?: unknown;
}

/** What a service works with. It never sees a request, a cookie or a response. */
export interface ServiceContext {
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
  /** Reads, and in a writing service every write, in one transaction. */
  readonly pg: Postgres;
  readonly ch: ScopedClickHouse;
  /** The unscoped client, for statements and streams that a query definition can't say. */
  readonly clickhouse: ClickHouseClient;
  /** Due once in every writing service: without it nothing is committed. */
  audit(entry: AuditEntry | "unchanged"): void;
  /** The same caller, for a service that calls another: the outer transaction is reused. */
  readonly call: CallContext & { tx?: Postgres };
}

export function scopedStore(call: CallContext): ScopedClickHouse {
  return scopeClickHouse(call.clickhouse, call.workspaceId);
}
