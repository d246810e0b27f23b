import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What every check reads: the paths that git lists, and their text. Nothing else, so that a check is a pure function. */
export type House = { files: readonly string[]; text: (path: string) => string };
export type Finding = { path: string; line?: number; message: string };
export type Check = (house: House) => Finding[];

// The planted violations are there to be found by their own test alone.
const PLANTED = "scripts/fixtures/walls/";

export function readHouse(dir: string, files: readonly string[]): House {
  const texts = new Map<string, string>();
  const text = (path: string) => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const read = readFileSync(join(dir, path), "utf8");
    texts.set(path, read);
    return read;
  };
  return { files: files.filter((path) => !path.startsWith(PLANTED)), text };
}

/** A house written down in a test: paths and their text. */
export function buildHouse(texts: Record<string, string>): House {
  return { files: Object.keys(texts).sort(), text: (path) => texts[path] ?? "" };
}
