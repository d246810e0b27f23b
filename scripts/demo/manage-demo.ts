import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import type { CallContext } from "#lib/services/context.ts";
import { updateAttribute } from "#lib/services/fairness/update-attribute.ts";
import { watchModel } from "#lib/services/monitor/watch-model.ts";
import { createSegmentKey } from "#lib/services/segment/create-segment-key.ts";
import { openWorkspace } from "#lib/services/workspace/open-workspace.ts";

export interface DemoPlace {
  databaseUrl: string;
  clickhouseUrl: string;
  workspace: string;
  apiKey: string;
}

/** What a person would do in the console, by the services that the console uses: the management API is not up yet while the demo is
 *  loaded. */
export function manageDemo(place: DemoPlace) {
  return {
    declareSegments: (model: string, keys: readonly string[]) =>
      callServices(place, async (call) => {
        for (const segmentKey of keys) await createSegmentKey.call(call, { model, segmentKey });
      }),
    watch: (model: string) => callServices(place, (call) => watchModel.call(call, { model })),
    markSensitive: (model: string, segmentKey: string) =>
      callServices(place, (call) =>
        updateAttribute.call(call, { model, segmentKey, isSensitive: true, referenceValue: null }),
      ),
  };
}

async function callServices(
  place: DemoPlace,
  run: (call: CallContext) => Promise<unknown>,
): Promise<void> {
  const postgres = createPostgres({ url: place.databaseUrl, application: "plumbline-start" });
  const clickhouse = createClickHouse({ url: place.clickhouseUrl, application: "plumbline-start" });
  try {
    const now = new Date();
    const identity = { kind: "key", key: place.apiKey } as const;
    const opened = await openWorkspace(postgres, identity, place.workspace, now);
    await run({ postgres, clickhouse, ...opened, now });
  } finally {
    await Promise.all([postgres.close(), clickhouse.close()]);
  }
}
