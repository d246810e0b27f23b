import type { RawTable } from "#db/clickhouse/inserts/raw-rows.ts";
import { rawTables } from "#db/clickhouse/inserts/raw-rows.ts";
import type { FeatureType, Task } from "#lib/domain/model.ts";
import type { RecordModel, RowsRecord } from "./record.ts";
import { decodeRecord } from "./record.ts";
import { frameKinds, readFrames } from "./wal-frame.ts";

/** Byte at which every table that has a model keeps its id. */
const modelIdOffset = 16;

/** One insert: rows of one table and one month. */
export interface PlannedInsert {
  table: RawTable;
  partition: number;
  rowCount: number;
  rows: Uint8Array[];
}

export interface PlannedModel {
  workspaceId: string;
  name: string;
  task: Task | null;
  versions: Map<string, readonly [string, string]>;
  features: Map<string, FeatureType>;
  /** Starts of 5-minute buckets, in seconds. */
  buckets: Set<number>;
}

export interface PlannedBatch {
  records: RowsRecord[];
  models: Map<string, PlannedModel>;
  newestReceivedAtMs: number;
  rowCount: number;
}

export function modelKey(workspaceId: string, name: string): string {
  return `${workspaceId}\n${name}`;
}

/** What a stretch of the log says, before its names are known to the registry. */
export function planBatch(data: Buffer, from: number): PlannedBatch {
  const plan: PlannedBatch = { records: [], models: new Map(), newestReceivedAtMs: 0, rowCount: 0 };
  let readUntil = from;
  for (const frame of readFrames(data, from)) {
    readUntil = frame.until;
    if (frame.kind !== frameKinds.rows) continue;
    const record = decodeRecord(frame.body);
    plan.records.push(record);
    plan.rowCount += record.header.rowCount;
    plan.newestReceivedAtMs = Math.max(plan.newestReceivedAtMs, record.header.receivedAtMs);
    addModels(plan, record);
  }
  if (readUntil !== from + data.length) {
    throw new Error(`The log is damaged at ${readUntil}: it was whole when it was written.`);
  }
  return plan;
}

function addModels(plan: PlannedBatch, { header }: RowsRecord): void {
  const { workspaceId } = header;
  const planned = header.models.map((model) => plannedModel(plan, workspaceId, model));
  for (const group of header.groups) {
    const model = group.model === null ? undefined : planned[group.model];
    for (const bucket of group.buckets) model?.buckets.add(bucket);
  }
}

function plannedModel(plan: PlannedBatch, workspaceId: string, model: RecordModel): PlannedModel {
  const key = modelKey(workspaceId, model.name);
  const known = plan.models.get(key);
  const planned = known ?? {
    workspaceId,
    name: model.name,
    task: null,
    versions: new Map(),
    features: new Map(),
    buckets: new Set(),
  };
  if (known === undefined) plan.models.set(key, planned);
  planned.task = model.task ?? planned.task;
  for (const version of model.versions) planned.versions.set(version.join("\n"), version);
  for (const [name, type] of model.features) {
    if (!planned.features.has(name)) planned.features.set(name, type);
  }
  return planned;
}

export interface SplitRows {
  inserts: PlannedInsert[];
  /** Rows of workspaces that no longer exist. */
  orphanCount: number;
}

/** Puts the ids in the rows' empty slots and divides the rows by table and month, in an order that depends on the log alone. */
export function splitRows(plan: PlannedBatch, idOf: (key: string) => Uint8Array | null): SplitRows {
  const inserts = new Map<string, PlannedInsert>();
  let orphanCount = 0;
  for (const { header, index, rows } of plan.records) {
    const targets = header.groups.map(({ table, partition, model }) => {
      const name = model === null ? null : (header.models[model]?.name ?? null);
      const modelId = name === null ? null : idOf(modelKey(header.workspaceId, name));
      const isOrphan = name !== null && modelId === null;
      return { insert: isOrphan ? null : insertOf(inserts, table, partition), modelId };
    });
    let at = 0;
    let runStart = 0;
    let run: PlannedInsert | null = null;
    for (let i = 0; i < index.length; i += 2) {
      const length = index[i] ?? 0;
      const target = targets[index[i + 1] ?? 0];
      const insert = target?.insert ?? null;
      if (insert !== run) {
        if (run !== null) run.rows.push(rows.subarray(runStart, at));
        run = insert;
        runStart = at;
      }
      if (insert === null) orphanCount++;
      else insert.rowCount++;
      if (target?.modelId) rows.set(target.modelId, at + modelIdOffset);
      at += length;
    }
    if (run !== null) run.rows.push(rows.subarray(runStart, at));
  }
  return { inserts: [...inserts.values()].sort(byTableAndMonth), orphanCount };
}

function insertOf(
  inserts: Map<string, PlannedInsert>,
  table: RawTable,
  partition: number,
): PlannedInsert {
  const key = `${table}:${partition}`;
  const known = inserts.get(key);
  if (known !== undefined) return known;
  const insert = { table, partition, rowCount: 0, rows: [] };
  inserts.set(key, insert);
  return insert;
}

function byTableAndMonth(a: PlannedInsert, b: PlannedInsert): number {
  return rawTables.indexOf(a.table) - rawTables.indexOf(b.table) || a.partition - b.partition;
}
