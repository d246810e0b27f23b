import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  /** When that process began, where the system tells: process ids are used again. */
  startedAt: string;
}

/** One process a folder. A lock whose process is gone was left by a crash and is taken over. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, "lock");
  const holder: Holder = { pid: process.pid, startedAt: await startOf(process.pid) };
  const own = join(folder, `lock.${process.pid}`);
  await writeFile(own, JSON.stringify(holder));
  try {
    if (!(await linked(own, path))) {
      const found = await readHolder(path);
      if (found !== null && (await isAlive(found))) throw heldError(folder, found.pid);
      await takeAway(path, found, folder);
      if (!(await linked(own, path))) throw heldError(folder, (await readHolder(path))?.pid ?? 0);
    }
  } finally {
    await rm(own, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

function heldError(folder: string, pid: number): Error {
  return new Error(
    `The log in ${folder} is in use by process ${pid}; one ingest process a folder.`,
  );
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Renaming tells which of two that found the same dead lock was first. */
async function takeAway(path: string, expected: Holder | null, folder: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const taken = await readHolder(aside);
  if (JSON.stringify(taken) === JSON.stringify(expected)) {
    await rm(aside, { force: true });
    return;
  }
  await linked(aside, path);
  await rm(aside, { force: true });
  throw heldError(folder, taken?.pid ?? 0);
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
    if (
      typeof parsed !== "object" ||
      parsed === null ||
      !("pid" in parsed) ||
      !("startedAt" in parsed)
    )
      return null;
    return { pid: Number(parsed.pid), startedAt: String(parsed.startedAt) };
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  return (await startOf(holder.pid)) === holder.startedAt;
}

/** Field 22 of /proc/<pid>/stat, counted after the command's closing bracket; "" where there is no /proc. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
