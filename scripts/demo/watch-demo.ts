import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { watchModel } from "#lib/services/monitor/watch-model.ts";
import { openWorkspace } from "#lib/services/workspace/open-workspace.ts";

/** The default set of monitors, by the service that the console uses, as where the tags are declared. */
export async function watchDemo(
  place: { databaseUrl: string; clickhouseUrl: string; workspace: string; apiKey: string },
  model: string,
): Promise<void> {
  const postgres = createPostgres({ url: place.databaseUrl, application: "plumbline-start" });
  const clickhouse = createClickHouse({ url: place.clickhouseUrl, application: "plumbline-start" });
  try {
    const now = new Date();
    const identity = { kind: "key", key: place.apiKey } as const;
    const opened = await openWorkspace(postgres, identity, place.workspace, now);
    const call = { postgres, clickhouse, ...opened, now };
    await watchModel.call(call, { model });
  } finally {
    await Promise.all([postgres.close(), clickhouse.close()]);
  }
}
