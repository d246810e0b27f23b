import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { createSegmentKey } from "#lib/services/segment/create-segment-key.ts";
import { openWorkspace } from "#lib/services/workspace/open-workspace.ts";

/** By the service that the console uses: the management API is not up yet while the demo is loaded. */
export async function declareSegments(
  place: { databaseUrl: string; clickhouseUrl: string; workspace: string; apiKey: string },
  model: string,
  keys: readonly string[],
): Promise<void> {
  const postgres = createPostgres({ url: place.databaseUrl, application: "plumbline-start" });
  const clickhouse = createClickHouse({ url: place.clickhouseUrl, application: "plumbline-start" });
  try {
    const now = new Date();
    const identity = { kind: "key", key: place.apiKey } as const;
    const opened = await openWorkspace(postgres, identity, place.workspace, now);
    const call = { postgres, clickhouse, ...opened, now };
    for (const segmentKey of keys) await createSegmentKey.call(call, { model, segmentKey });
  } finally {
    await Promise.all([postgres.close(), clickhouse.close()]);
  }
}
