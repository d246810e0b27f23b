import { z } from "zod";
import { AppError } from "#lib/domain/errors.ts";
import type { ClickHouseClient } from "./client.ts";

export interface QueryDefinition<P extends z.ZodObject, R extends z.ZodType> {
  /** Goes to log_comment and the metrics. */
  name: string;
  params: P;
  row: R;
  /** One row more than this is an error, never a silent cut. */
  rowsMax: number;
  timeoutMs: number;
  /** Binds `{workspaceId: UUID}` and ends in `LIMIT {rowsMax: UInt32} + 1`; fragments are chosen by params, never spliced from them. */
  sql: (params: z.output<P>) => string;
}

export type Query<P extends z.ZodObject, R extends z.ZodType> = QueryDefinition<P, R>;

export function defineQuery<P extends z.ZodObject, R extends z.ZodType>(
  definition: QueryDefinition<P, R>,
): Query<P, R> {
  return definition;
}

/** A store seen from one workspace: no caller can name another. */
export interface ScopedClickHouse {
  readonly workspaceId: string;
  query<P extends z.ZodObject, R extends z.ZodType>(
    query: Query<P, R>,
    params: z.input<P>,
    signal?: AbortSignal,
  ): Promise<z.output<R>[]>;
}

export function scopeClickHouse(client: ClickHouseClient, workspaceId: string): ScopedClickHouse {
  return {
    workspaceId,
    async query(query, rawParams, signal) {
      const params = query.params.parse(rawParams);
      const result = await client.query({
        query: query.sql(params),
        query_params: { ...params, workspaceId, rowsMax: query.rowsMax },
        format: "JSONEachRow",
        clickhouse_settings: {
          max_execution_time: Math.ceil(query.timeoutMs / 1000),
          log_comment: query.name,
        },
        ...(signal === undefined ? {} : { abort_signal: signal }),
      });
      const rows = z.array(query.row).parse(await result.json());
      if (rows.length > query.rowsMax) {
        throw new AppError(
          "limit_exceeded",
          `${query.name} answers with more than ${query.rowsMax} rows; narrow the question.`,
        );
      }
      return rows;
    },
  };
}
