import type { z } from "zod";
import type { ClickHouseClient } from "./client.ts";

/** A thing done to the store on the server's side: INSERT ... SELECT, a lightweight delete. The twin of defineQuery. */
export interface Statement<P extends z.ZodObject> {
  name: string;
  params: P;
  timeoutMs: number;
  sql: (params: z.output<P>) => string;
}

export function defineStatement<P extends z.ZodObject>(definition: Statement<P>): Statement<P> {
  return definition;
}

export async function runStatement<P extends z.ZodObject>(
  client: ClickHouseClient,
  workspaceId: string,
  statement: Statement<P>,
  rawParams: z.input<P>,
  signal?: AbortSignal,
): Promise<void> {
  const params = statement.params.parse(rawParams);
  await client.command({
    query: statement.sql(params),
    query_params: { ...params, workspaceId },
    clickhouse_settings: {
      max_execution_time: Math.ceil(statement.timeoutMs / 1000),
      log_comment: statement.name,
      wait_end_of_query: 1,
    },
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
}
