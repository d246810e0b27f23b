import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStartMark } from "./process-start-mark.ts";

export interface FolderLock {
  release(): void;
}

interface Holder {
  pid: number;
  /** Tells a living holder from another process that was given its number later. */
  startMark: string;
}

/** One start per data folder. A lock whose holder has died is taken over. */
export function lockFolder(folder: string, what: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "lock.json");
  const mine = JSON.stringify({ pid: process.pid, startMark: processStartMark(process.pid) ?? "" });
  for (let attempt = 0; attempt < 5; attempt++) {
    if (tryWrite(path, mine)) return { release: () => releaseIfMine(path, mine) };
    const text = readOrEmpty(path);
    const holder = parseHolder(text);
    if (holder !== undefined && isAlive(holder)) {
      throw new Error(
        `${what} is already running on ${folder} (process ${holder.pid}). Stop it first, or choose another data folder.`,
      );
    }
    takeAway(path, text);
  }
  throw new Error(`${what} could not lock ${folder}: another process keeps taking ${path}.`);
}

function tryWrite(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead holder's lock aside; if somebody else took it in between, theirs is put back. */
function takeAway(path: string, seen: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readOrEmpty(aside) !== seen) {
    try {
      linkSync(aside, path);
    } catch {
      // Somebody has locked the folder again already; the next attempt sees whom.
    }
  }
  rmSync(aside, { force: true });
}

function releaseIfMine(path: string, mine: string): void {
  if (readOrEmpty(path) === mine) rmSync(path, { force: true });
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("pid" in value) || !("startMark" in value))
      return undefined;
    return { pid: Number(value.pid), startMark: String(value.startMark) };
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const mark = processStartMark(holder.pid);
  return mark === undefined || holder.startMark === "" || mark === holder.startMark;
}
