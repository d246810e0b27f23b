import { createInterface } from "node:readline";

export interface LineBatch {
  /** Their numbers in the file, from 1. */
  numbers: number[];
  lines: string[];
}

const rowsMax = 5_000;
const charactersMax = 4 * 1024 * 1024;

/** The file in batches; empty lines are skipped, and lines before `fromLine`. */
export async function* readBatches(
  input: NodeJS.ReadableStream,
  fromLine: number,
): AsyncGenerator<LineBatch> {
  let batch: LineBatch = { numbers: [], lines: [] };
  let characters = 0;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (number < fromLine || line.trim() === "") continue;
    const isFull = batch.lines.length >= rowsMax || characters + line.length > charactersMax;
    if (isFull && batch.lines.length > 0) {
      yield batch;
      batch = { numbers: [], lines: [] };
      characters = 0;
    }
    batch.numbers.push(number);
    batch.lines.push(line);
    characters += line.length;
  }
  if (batch.lines.length > 0) yield batch;
}
