import type { RawTable } from "#db/clickhouse/inserts/raw-rows.ts";
import type { RowWriter } from "#db/clickhouse/row-writer.ts";
import { uuidBytes } from "#db/clickhouse/row-writer.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { FeatureState, ModelState, Sighting } from "./catalogue.ts";
import { isListingDue, markListed, versionOf } from "./catalogue.ts";
import type { RecordGroup, RecordHeader, RecordModel, RowsRecord } from "./record.ts";
import type { Sequence } from "./sequence.ts";

const bucketSeconds = 300;
const emptyUuid = new Uint8Array(16);

interface OpenGroup {
  record: RecordGroup;
  index: number;
  lastBucket: number;
  buckets: Set<number>;
}

export interface BuilderOptions {
  workspaceId: string;
  receivedAtMs: number;
  sequence: Sequence;
  writer: RowWriter;
}

/** Gathers the accepted rows of one body into one record of the log. A row's bytes are written first and kept by `endRow`;
 *  until then moving `writer.position` back to `rowStart` drops them. */
export class RecordBuilder {
  readonly writer: RowWriter;
  readonly receivedAtMs: number;
  rowStart = 0;
  readonly #workspaceId: string;
  readonly #workspaceBytes: Uint8Array;
  readonly #sequence: Sequence;
  readonly #groups = new Map<string, OpenGroup>();
  readonly #models = new Map<ModelState, number>();
  readonly #listed: Sighting[] = [];
  readonly #recordModels: RecordModel[] = [];
  #index = new Uint32Array(1024);
  #rowCount = 0;
  #lastGroup: OpenGroup | null = null;
  #lastGroupKey = { table: "" as RawTable | "", partition: 0, model: null as ModelState | null };

  constructor(options: BuilderOptions) {
    this.writer = options.writer;
    this.writer.position = 0;
    this.receivedAtMs = options.receivedAtMs;
    this.#workspaceId = options.workspaceId;
    this.#workspaceBytes = uuidBytes(options.workspaceId);
    this.#sequence = options.sequence;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Workspace, a slot of zeros for the model's id, time and place in the order of receipt. */
  beginModelRow(timeMs: number): void {
    const { writer } = this;
    this.rowStart = writer.position;
    writer.raw(this.#workspaceBytes);
    writer.raw(emptyUuid);
    writer.uint64(timeMs);
    const { milliseconds, counter } = this.#sequence.next();
    writer.sequence(milliseconds, counter);
  }

  beginPlainRow(timeMs: number): void {
    const { writer } = this;
    this.rowStart = writer.position;
    writer.raw(this.#workspaceBytes);
    writer.uint64(timeMs);
    const { milliseconds, counter } = this.#sequence.next();
    writer.sequence(milliseconds, counter);
  }

  dropRow(): void {
    this.writer.position = this.rowStart;
  }

  endRow(table: RawTable, partition: number, model: ModelState | null, timeMs: number): void {
    const group = this.#groupOf(table, partition, model);
    if (this.#index.length === this.#rowCount * 2) {
      const larger = new Uint32Array(this.#index.length * 2);
      larger.set(this.#index);
      this.#index = larger;
    }
    this.#index[this.#rowCount * 2] = this.writer.position - this.rowStart;
    this.#index[this.#rowCount * 2 + 1] = group.index;
    this.#rowCount++;
    if (table !== "predictions") return;
    const bucket = Math.floor(timeMs / (bucketSeconds * 1000)) * bucketSeconds;
    if (bucket === group.lastBucket) return;
    group.lastBucket = bucket;
    group.buckets.add(bucket);
  }

  sawFeature(model: ModelState, feature: FeatureState, type: FeatureType): void {
    if (!isListingDue(feature, this.receivedAtMs)) return;
    this.#list(feature);
    this.#modelRecord(model)?.features.push([feature.name.text, type]);
  }

  sawVersion(model: ModelState, environment: string, version: string): void {
    const state = versionOf(model, environment, version);
    if (!isListingDue(state, this.receivedAtMs)) return;
    this.#list(state);
    this.#modelRecord(model)?.versions.push([environment, version]);
  }

  sawTask(model: ModelState): void {
    if (!isListingDue(model, this.receivedAtMs)) return;
    this.#list(model);
    const record = this.#modelRecord(model);
    if (record !== undefined) record.task = model.task;
  }

  /** What this record would have registered is news again: the record is not going to be written. */
  abandon(): void {
    for (const sighting of this.#listed) sighting.listingDueMs = 0;
  }

  build(of: Pick<RecordHeader, "body" | "answered">): RowsRecord {
    const groups = [...this.#groups.values()].map(({ record, buckets }) => ({
      ...record,
      buckets: [...buckets],
    }));
    return {
      header: {
        workspaceId: this.#workspaceId,
        receivedAtMs: this.receivedAtMs,
        sequenceMs: this.#sequence.lastMilliseconds,
        models: this.#recordModels,
        groups,
        rowCount: this.#rowCount,
        ...of,
      },
      index: this.#index.subarray(0, this.#rowCount * 2),
      rows: this.writer.bytes(),
    };
  }

  #list(sighting: Sighting): void {
    markListed(sighting, this.receivedAtMs);
    this.#listed.push(sighting);
  }

  #modelRecord(model: ModelState): RecordModel | undefined {
    return this.#recordModels[this.#modelIndex(model)];
  }

  #modelIndex(model: ModelState): number {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    const index = this.#recordModels.length;
    this.#models.set(model, index);
    this.#recordModels.push({ name: model.name, task: null, versions: [], features: [] });
    return index;
  }

  #groupOf(table: RawTable, partition: number, model: ModelState | null): OpenGroup {
    const last = this.#lastGroupKey;
    if (
      this.#lastGroup !== null &&
      last.table === table &&
      last.partition === partition &&
      last.model === model
    ) {
      return this.#lastGroup;
    }
    const modelIndex = model === null ? null : this.#modelIndex(model);
    const key = `${table}:${partition}:${modelIndex}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const record = { table, partition, model: modelIndex, buckets: [] };
      group = { record, index: this.#groups.size, lastBucket: -1, buckets: new Set() };
      this.#groups.set(key, group);
    }
    this.#lastGroup = group;
    this.#lastGroupKey = { table, partition, model };
    return group;
  }
}
