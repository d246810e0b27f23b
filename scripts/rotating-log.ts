import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

const bytesMax = 5 * 1024 * 1024;

/** What a process says, as it said it; at 5 MB the file becomes `.1` and a new one begins. */
export function openRotatingLog(folder: string, name: string): (chunk: Buffer) => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.log`);
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (chunk) => {
    if (size > 0 && size + chunk.length > bytesMax) {
      renameSync(path, `${path}.1`);
      size = 0;
    }
    appendFileSync(path, chunk, { mode: 0o600 });
    size += chunk.length;
  };
}
