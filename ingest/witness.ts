import type { RawTable } from "#db/clickhouse/inserts/raw-rows.ts";

/** A row of a block: a block is stored whole or not at all, so that one row tells of all. */
export interface Witness {
  workspaceId: string;
  modelId: string;
  /** What stands between the sequence and the prediction's id. */
  names: string[];
  predictionId: string;
  sequence: bigint;
  timeMs: number;
}

/** Where a row's bytes begin. */
export interface RowPlace {
  rows: Uint8Array;
  at: number;
}

const uuidLength = 16;
const noModel = "00000000-0000-0000-0000-000000000000";
/** How many names lie between the sequence and the prediction's id. */
const namesBetween: Record<RawTable, number> = {
  predictions: 2,
  labels: 1,
  embeddings: 2,
  offline_features: 2,
  rejections: 2,
};

export function readWitness(table: RawTable, { rows, at }: RowPlace): Witness {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
  const modelAt = at + uuidLength;
  const hasModel = table !== "rejections";
  const timeAt = modelAt + (hasModel ? uuidLength : 0);
  const texts: string[] = [];
  for (let textAt = timeAt + 16; texts.length <= namesBetween[table]; ) {
    const { from, end } = stringAt(rows, textAt);
    texts.push(Buffer.from(rows.subarray(from, end)).toString("utf8"));
    textAt = end;
  }
  return {
    modelId: hasModel ? uuidText(rows.subarray(modelAt, modelAt + uuidLength)) : noModel,
    names: texts.slice(0, -1),
    workspaceId: uuidText(rows.subarray(at, at + uuidLength)),
    timeMs: Number(view.getBigInt64(timeAt, true)),
    sequence: view.getBigUint64(timeAt + 8, true),
    predictionId: texts.at(-1) ?? "",
  };
}

function stringAt(rows: Uint8Array, at: number): { from: number; end: number } {
  let length = 0;
  let from = at;
  for (let shift = 0; ; shift += 7) {
    const byte = rows[from++] ?? 0;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { from, end: from + length };
  }
}

/** From two little-endian halves. */
function uuidText(bytes: Uint8Array): string {
  const plain = Buffer.from(bytes);
  const hex = Buffer.concat([plain.subarray(0, 8).reverse(), plain.subarray(8).reverse()]).toString(
    "hex",
  );
  return [0, 8, 12, 16, 20].map((from, i) => hex.slice(from, [8, 12, 16, 20, 32][i])).join("-");
}
