import { setImmediate } from "node:timers/promises";
import type { FeatureType, Task } from "#lib/domain/model.ts";
import type { RecordModel, RowsRecord } from "./record.ts";
import { decodeRecord } from "./record.ts";
import { frameKinds, readFrames } from "./wal-frame.ts";

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

/** Requests are answered between the turns: a turn is about a millisecond. */
const bytesPerTurn = 1024 * 1024;

/** What a stretch of the log says, before its names are known to the registry. */
export async function planBatch(data: Buffer, from: number): Promise<PlannedBatch> {
  const plan: PlannedBatch = { records: [], models: new Map(), newestReceivedAtMs: 0, rowCount: 0 };
  let readUntil = from;
  let turnFrom = from;
  for (const frame of readFrames(data, from)) {
    readUntil = frame.until;
    if (readUntil - turnFrom > bytesPerTurn) {
      turnFrom = readUntil;
      await setImmediate();
    }
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
