import { setImmediate } from "node:timers/promises";
import type { RawTable } from "#db/clickhouse/inserts/raw-rows.ts";
import { rawTables } from "#db/clickhouse/inserts/raw-rows.ts";
import { NativeBlock } from "./native-block.ts";
import type { PlannedBatch } from "./plan-batch.ts";
import { modelKey } from "./plan-batch.ts";

/** One insert: rows of one table and one month. */
export interface PlannedInsert {
  table: RawTable;
  partition: number;
  block: NativeBlock;
}

export interface SplitRows {
  inserts: PlannedInsert[];
  /** Rows of workspaces that no longer exist. */
  orphanCount: number;
}

/** A row's workspace comes first; the slot for the model's id is second. */
const modelIdOffset = 16;
/** Requests are answered between the turns: a turn is about a millisecond. */
const rowsPerTurn = 512;

/** Divides the rows by table and month, in an order that depends on the log alone, with the ids of their models. */
export async function splitRows(
  plan: PlannedBatch,
  idOf: (key: string) => Uint8Array | null,
): Promise<SplitRows> {
  const inserts = new Map<string, PlannedInsert>();
  let orphanCount = 0;
  let turn = 0;
  for (const { header, index, rows } of plan.records) {
    const targets = header.groups.map(({ table, partition, model }) => {
      const name = model === null ? null : (header.models[model]?.name ?? null);
      const modelId = name === null ? null : idOf(modelKey(header.workspaceId, name));
      const isOrphan = name !== null && modelId === null;
      return { block: isOrphan ? null : blockOf(inserts, table, partition), modelId };
    });
    let at = 0;
    for (let i = 0; i < index.length; i += 2) {
      const target = targets[index[i + 1] ?? 0];
      const block = target?.block ?? null;
      const modelId = target?.modelId ?? null;
      if (modelId !== null) {
        for (let byte = 0; byte < 16; byte++) rows[at + modelIdOffset + byte] = modelId[byte] ?? 0;
      }
      if (block === null) orphanCount++;
      else block.add(rows, at);
      at += index[i] ?? 0;
      if (++turn % rowsPerTurn === 0) await setImmediate();
    }
  }
  return { inserts: [...inserts.values()].sort(byTableAndMonth), orphanCount };
}

function blockOf(
  inserts: Map<string, PlannedInsert>,
  table: RawTable,
  partition: number,
): NativeBlock {
  const key = `${table}:${partition}`;
  const known = inserts.get(key);
  if (known !== undefined) return known.block;
  const block = new NativeBlock(table);
  inserts.set(key, { table, partition, block });
  return block;
}

function byTableAndMonth(a: PlannedInsert, b: PlannedInsert): number {
  return rawTables.indexOf(a.table) - rawTables.indexOf(b.table) || a.partition - b.partition;
}
