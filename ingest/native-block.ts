import type { RawTable } from "#db/clickhouse/inserts/raw-rows.ts";
import { rawColumns } from "#db/clickhouse/inserts/raw-rows.ts";
import type { NativeColumn } from "./native-columns.ts";
import {
  FixedColumn,
  LowCardinalityColumn,
  NestedColumn,
  NullableColumn,
  StringColumn,
} from "./native-columns.ts";

const widths: Record<string, number> = {
  UUID: 16,
  UInt64: 8,
  Float64: 8,
  Float32: 4,
  UInt32: 4,
  Bool: 1,
};

/** Rows of one table, turned into columns. */
export class NativeBlock {
  readonly #names: string[];
  readonly #types: string[];
  readonly #columns: NativeColumn[];
  readonly table: RawTable;
  #rowCount = 0;

  constructor(table: RawTable) {
    this.table = table;
    this.#names = Object.keys(rawColumns[table]);
    this.#types = Object.values(rawColumns[table]);
    this.#columns = this.#types.map(columnOf);
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  add(rows: Uint8Array, from: number): void {
    let at = from;
    for (const column of this.#columns) at = column.read(rows, at);
    this.#rowCount++;
  }

  /** Without rows again, with the memory that it had. What `encode` answered is overwritten by the next rows. */
  clear(): void {
    for (const column of this.#columns) column.clear();
    this.#rowCount = 0;
  }

  /** The block as the engine reads it. */
  encode(): Uint8Array[] {
    const pieces: Uint8Array[] = [varint(this.#columns.length), varint(this.#rowCount)];
    for (const [i, column] of this.#columns.entries()) {
      pieces.push(text(this.#names[i] ?? ""), text(this.#types[i] ?? ""));
      pieces.push(...column.prefix(), ...column.data());
    }
    return pieces;
  }
}

const keptBytesMax = 16 * 1024 ** 2;
const keptPerTable = 2;

/** Blocks that are filled again, for the reason that BufferPool has: a second of rows is some 10 MB of columns. */
export class NativeBlocks {
  readonly #free: NativeBlock[] = [];

  take(table: RawTable): NativeBlock {
    const at = this.#free.findIndex((block) => block.table === table);
    const [kept] = at < 0 ? [] : this.#free.splice(at, 1);
    return kept ?? new NativeBlock(table);
  }

  /** `encoded` is the block as it was sent. */
  give(block: NativeBlock, encoded: readonly Uint8Array[]): void {
    const bytes = encoded.reduce((sum, piece) => sum + piece.length, 0);
    const kept = this.#free.filter(({ table }) => table === block.table).length;
    if (bytes > keptBytesMax || kept >= keptPerTable) return;
    block.clear();
    this.#free.push(block);
  }
}

function columnOf(type: string): NativeColumn {
  const width = widthOf(type);
  if (width !== undefined) return new FixedColumn(width);
  if (type === "String") return new StringColumn();
  if (type === "LowCardinality(String)") return new LowCardinalityColumn();
  const [, outer, inner] = /^(\w+)\((.*)\)$/.exec(type) ?? [];
  if (inner === undefined) throw new Error(`No column is known for ${type}.`);
  if (outer === "Nullable") return new NullableColumn(widthOf(inner) ?? 0);
  if (outer === "Array") return new NestedColumn([columnOf(inner)]);
  const comma = inner.indexOf(", ");
  if (outer !== "Map") throw new Error(`No column is known for ${type}.`);
  return new NestedColumn([columnOf(inner.slice(0, comma)), columnOf(inner.slice(comma + 2))]);
}

function widthOf(type: string): number | undefined {
  if (type.startsWith("Enum8(")) return 1;
  if (type.startsWith("DateTime64(")) return 8;
  return widths[type];
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Uint8Array.from([...bytes, rest]);
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}
