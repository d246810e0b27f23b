import type { Postgres } from "./client.ts";

/** What every read of one workspace takes first; a service's context is one. */
export interface PostgresScope {
  readonly pg: Postgres;
  readonly workspaceId: string;
}
