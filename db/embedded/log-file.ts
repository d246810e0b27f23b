import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StoreLogger } from "./store-logger.ts";

const bytesMax = 5 * 1024 * 1024;

/** One JSON object a line; at 5 MB the file becomes `.1` and a new one begins. */
export function openLogFile(folder: string, name: string): StoreLogger {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.log`);
  const write = (level: string) => (fields: object, message: string) => {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > bytesMax)
      renameSync(path, `${path}.1`);
    appendFileSync(
      path,
      `${JSON.stringify({ level, time: new Date().toISOString(), message, ...plain(fields) })}\n`,
    );
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}

function plain(fields: object): object {
  const entries = Object.entries(fields).map(([key, value]) => [
    key,
    value instanceof Error ? value.message : value,
  ]);
  return Object.fromEntries(entries);
}
