import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import type { Account } from "./run-as.ts";

export interface ClusterOptions {
  /** Owned by the account; holds the cluster and what makes it. */
  home: string;
  binaries: Binaries;
  account: Account | undefined;
  username: string;
  password: string;
}

export const serverEnv: NodeJS.ProcessEnv = {
  LC_ALL: "C",
  TZ: "UTC",
  PATH: "/usr/bin:/bin",
  NODE_ENV: "production",
};

/** Makes the cluster unless it is there. It gets its name last, so that a half-made one is never used. */
export async function prepareCluster(options: ClusterOptions): Promise<string> {
  const cluster = join(options.home, "cluster");
  mkdirSync(options.home, { recursive: true, mode: 0o700 });
  if (options.account !== undefined) giveTo(options.home, options.account);
  if (existsSync(join(cluster, "PG_VERSION"))) return cluster;
  const draft = join(options.home, "cluster.draft");
  const passwordFile = join(options.home, "password.draft");
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (options.account !== undefined)
    chownSync(passwordFile, options.account.uid, options.account.gid);
  try {
    await runInitdb(options, draft, passwordFile);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
  return cluster;
}

async function runInitdb(
  options: ClusterOptions,
  draft: string,
  passwordFile: string,
): Promise<void> {
  const child = spawn(
    options.binaries.initdb,
    [
      `--pgdata=${draft}`,
      `--username=${options.username}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--set=timezone=UTC",
    ],
    {
      cwd: options.home,
      env: serverEnv,
      stdio: ["ignore", "ignore", "pipe"],
      ...identity(options.account),
    },
  );
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4_096);
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code !== 0) throw new Error(`initdb ended with ${signal ?? code}: ${complaint.trim()}`);
}

export function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/** An account may have changed between two starts: everything inside goes to the new one. */
function giveTo(folder: string, account: Account): void {
  if (lstatSync(folder).uid === account.uid) return;
  chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) chownSync(path, account.uid, account.gid);
  }
}
