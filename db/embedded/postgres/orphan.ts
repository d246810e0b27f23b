import { readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";

const stopMsMax = 15_000;

/** Stops the server that a killed parent left behind, and removes the file of one that died with it. */
export async function stopOrphan(cluster: string): Promise<void> {
  const path = join(cluster, "postmaster.pid");
  const pid = readPid(path);
  if (pid === undefined) return;
  if (!serves(pid, cluster)) {
    rmSync(path, { force: true });
    return;
  }
  const startedAt = Date.now();
  let signal: NodeJS.Signals = "SIGINT";
  while (isAlive(pid)) {
    if (Date.now() - startedAt > stopMsMax) {
      throw new Error(`Another Postgres (process ${pid}) holds ${cluster} and does not stop.`);
    }
    process.kill(pid, signal);
    if (Date.now() - startedAt > stopMsMax / 2) signal = "SIGQUIT";
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8").split("\n")[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** A server changes into its data folder. Where the system does not show that, a living process is taken for it. */
function serves(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return process.platform !== "linux";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
