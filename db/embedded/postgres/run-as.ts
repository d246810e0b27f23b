import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Whom Postgres runs as; undefined where this process is an ordinary user already. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root. The owner of an existing cluster keeps it; else a postgres account, else nobody. */
export function chooseAccount(clusterDir: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  const owner = ownerOf(clusterDir);
  const found =
    accounts.find((account) => account.uid === owner && account.uid !== 0) ??
    accounts.find((account) => account.name === "postgres") ??
    accounts.find((account) => account.name === "nobody");
  if (found === undefined) {
    throw new Error(
      "Postgres does not run as root, and this system has neither a postgres nor a nobody account. Run Plumbline as an ordinary user.",
    );
  }
  return found;
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    return undefined;
  }
}

function readAccounts(): Account[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .flatMap(([name, , uid, gid]) =>
      name !== undefined && uid !== undefined && gid !== undefined && /^-?\d+$/.test(uid)
        ? [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }]
        : [],
    );
}

/** Whether every folder on the way can be entered by that account. */
export function canReach(path: string, account: Account): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (
      stat?.isDirectory() &&
      !canEnter(stat.mode, stat.uid === account.uid, stat.gid === account.gid)
    )
      return false;
    if (folder === dirname(folder)) return true;
  }
}

function canEnter(mode: number, isOwner: boolean, isGroup: boolean): boolean {
  if (isOwner) return (mode & 0o100) !== 0;
  return isGroup ? (mode & 0o010) !== 0 : (mode & 0o001) !== 0;
}
