import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import type { RawTable } from "#db/clickhouse/inserts/raw-rows.ts";
import { insertRawRows } from "#db/clickhouse/inserts/raw-rows.ts";
import { rawRowPresence } from "#db/clickhouse/queries/raw-row-presence.ts";
import type { Witness } from "./witness.ts";

export interface OnceInsert {
  table: RawTable;
  token: string;
  block: readonly Uint8Array[];
  /** Rows of the block, the last received among them. */
  witnesses: readonly Witness[];
  timeoutMs: number;
}

/** An insert that found its token used and its rows missing is made again under another one; more than this were never
 *  needed, and rows that were all sent again meanwhile are missing for good reason. */
const tokensMax = 3;

/** Inserts a block that may have been sent before. The store's own deduplication does not do alone: it writes a token
 *  down before the part gets its name, and never syncs it. Killed in between, it drops the replay of rows that it does not
 *  have; after a power cut it takes rows again that it has. So the rows themselves are asked for. */
export async function insertAgain(client: ClickHouseClient, insert: OnceInsert): Promise<void> {
  if (await isStored(client, insert)) return;
  await insertRawRows(client, insert);
  for (let n = 2; n <= tokensMax; n++) {
    if (await isStored(client, insert)) return;
    await insertRawRows(client, { ...insert, token: `${insert.token}:${n}` });
  }
}

async function isStored(
  client: ClickHouseClient,
  { table, witnesses }: OnceInsert,
): Promise<boolean> {
  const workspaceId = witnesses.at(-1)?.workspaceId;
  if (workspaceId === undefined) return false;
  const asked = witnesses.filter((witness) => witness.workspaceId === workspaceId);
  const times = asked.map(({ timeMs }) => timeMs);
  const [found] = await scopeClickHouse(client, workspaceId).query(rawRowPresence, {
    table,
    modelIds: asked.map(({ modelId }) => modelId),
    names: asked.map(({ names }) => names),
    predictionIds: asked.map(({ predictionId }) => predictionId),
    sequences: asked.map(({ sequence }) => sequence),
    fromTime: new Date(Math.min(...times)),
    untilTime: new Date(Math.max(...times)),
  });
  return found?.isPresent ?? false;
}
