import { setImmediate } from "node:timers/promises";
import type { RawTable } from "#db/clickhouse/inserts/raw-rows.ts";
import { rawTables } from "#db/clickhouse/inserts/raw-rows.ts";
import type { ArrivalAspect } from "#db/postgres/queries/arrival.ts";
import type { NativeBlock } from "./native-block.ts";
import type { PlannedBatch } from "./plan-batch.ts";
import { modelKey } from "./plan-batch.ts";
import type { RowPlace } from "./witness.ts";

/** One insert: rows of one table and one month. */
export interface PlannedInsert {
  table: RawTable;
  partition: number;
  block: NativeBlock;
  /** The last rows of the last records, by which the block is known in the store. */
  lastRows: RowPlace[];
}

/** Rows of one model in the batch that speak of predictions, by their places in the order of receipt. */
export interface Arrival {
  aspect: ArrivalAspect;
  modelKey: string;
  sequenceFrom: bigint;
  sequenceUntil: bigint;
  rowFromMs: number;
  rowUntilMs: number;
  rowCount: number;
}

export interface SplitRows {
  inserts: PlannedInsert[];
  arrivals: Arrival[];
  /** Rows of workspaces that no longer exist. */
  orphanCount: number;
}

/** A row's workspace comes first; the slot for the model's id is second. */
const modelIdOffset = 16;
/** Requests are answered between the turns: a turn is about a millisecond. */
const rowsPerTurn = 512;
const lastRowsMax = 16;

/** Divides the rows by table and month, in an order that depends on the log alone, with the ids of their models. */
export async function splitRows(
  plan: PlannedBatch,
  idOf: (key: string) => Uint8Array | null,
  takeBlock: (table: RawTable) => NativeBlock,
): Promise<SplitRows> {
  const inserts = new Map<string, PlannedInsert>();
  const arrivals = new Map<string, Arrival>();
  const insertOf = (table: RawTable, partition: number): PlannedInsert => {
    const key = `${table}:${partition}`;
    const known = inserts.get(key);
    if (known !== undefined) return known;
    const insert = { table, partition, block: takeBlock(table), lastRows: [] };
    inserts.set(key, insert);
    return insert;
  };
  let orphanCount = 0;
  let turn = 0;
  for (const { header, index, rows } of plan.records) {
    const targets = header.groups.map(({ table, partition, model }) => {
      const name = model === null ? null : (header.models[model]?.name ?? null);
      const modelId = name === null ? null : idOf(modelKey(header.workspaceId, name));
      const isOrphan = name !== null && modelId === null;
      return {
        insert: isOrphan ? null : insertOf(table, partition),
        modelId,
        arrivesFor: name === null ? null : arrivalOf(table, modelKey(header.workspaceId, name)),
        lastAt: -1,
      };
    });
    let at = 0;
    for (let i = 0; i < index.length; i += 2) {
      const target = targets[index[i + 1] ?? 0];
      const insert = target?.insert ?? null;
      const modelId = target?.modelId ?? null;
      if (modelId !== null) {
        for (let byte = 0; byte < 16; byte++) rows[at + modelIdOffset + byte] = modelId[byte] ?? 0;
      }
      if (target === undefined || insert === null) orphanCount++;
      else {
        insert.block.add(rows, at);
        if (target.arrivesFor !== null) addArrival(arrivals, target.arrivesFor, rows, at);
        target.lastAt = at;
      }
      at += index[i] ?? 0;
      if (++turn % rowsPerTurn === 0) await setImmediate();
    }
    for (const { insert, lastAt } of targets) {
      if (insert !== null && lastAt >= 0) keepLast(insert.lastRows, { rows, at: lastAt });
    }
  }
  return {
    inserts: [...inserts.values()].sort(byTableAndMonth),
    arrivals: [...arrivals.values()],
    orphanCount,
  };
}

const aspects: Partial<Record<RawTable, ArrivalAspect>> = {
  labels: "performance",
  offline_features: "skew",
};

function arrivalOf(table: RawTable, key: string): Pick<Arrival, "aspect" | "modelKey"> | null {
  const aspect = aspects[table];
  return aspect === undefined ? null : { aspect, modelKey: key };
}

/** A row's time stands behind the two ids, and its place in the order of receipt behind the time. */
const timeOffset = 32;

function addArrival(
  arrivals: Map<string, Arrival>,
  of: Pick<Arrival, "aspect" | "modelKey">,
  rows: Buffer,
  at: number,
): void {
  const timeMs = Number(rows.readBigInt64LE(at + timeOffset));
  const sequence = rows.readBigUInt64LE(at + timeOffset + 8);
  const key = `${of.aspect} ${of.modelKey}`;
  const held = arrivals.get(key);
  if (held === undefined) {
    arrivals.set(key, {
      ...of,
      sequenceFrom: sequence,
      sequenceUntil: sequence,
      rowFromMs: timeMs,
      rowUntilMs: timeMs,
      rowCount: 1,
    });
    return;
  }
  if (sequence < held.sequenceFrom) held.sequenceFrom = sequence;
  if (sequence > held.sequenceUntil) held.sequenceUntil = sequence;
  held.rowFromMs = Math.min(held.rowFromMs, timeMs);
  held.rowUntilMs = Math.max(held.rowUntilMs, timeMs);
  held.rowCount += 1;
}

function keepLast(places: RowPlace[], place: RowPlace): void {
  places.push(place);
  if (places.length > lastRowsMax) places.shift();
}

function byTableAndMonth(a: PlannedInsert, b: PlannedInsert): number {
  return rawTables.indexOf(a.table) - rawTables.indexOf(b.table) || a.partition - b.partition;
}
