import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

// Plain JavaScript on purpose: any Node from 20 on must be able to read this file before the pinned one is installed.

export const root = fileURLToPath(new URL("..", import.meta.url));

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
};

/** Why the installed packages are not those of the lock file, or null when they are. Contents are compared, not
 *  times: a checkout touches files without changing them. `installed` is npm's own record, written last. */
export function installGap(lock, installed) {
  if (installed === null) return "nothing is installed yet";
  for (const [path, wanted] of Object.entries(lock.packages ?? {})) {
    if (path === "" || wanted.link) continue;
    const found = installed.packages?.[path];
    if (!found && !wanted.optional) return `${path} is missing`;
    if (found && found.version !== wanted.version)
      return `${path} is ${found.version}, not ${wanted.version}`;
  }
  return null;
}

const nodePaths = () => [
  join(root, "node_modules/node/bin/node"),
  join(root, "node_modules/.bin/node"),
];

/** Installs what the lock file names, if it is not there yet, and returns the path of the pinned Node. */
export function ensureInstalled() {
  const lock = readJson(join(root, "package-lock.json"));
  if (lock === null) throw new Error("package-lock.json is missing or unreadable.");
  const gap = installGap(lock, readJson(join(root, "node_modules/.package-lock.json")));
  if (gap !== null) {
    process.stderr.write(`Installing packages (${gap}).\n`);
    // Not `npm ci`: it refuses a lock file that lacks the binaries of some other platform, and begins by deleting
    // what is there.
    const args = ["install", "--no-save", "--include=dev", "--no-audit", "--no-fund"];
    const installed = spawnSync("npm", args, { cwd: root, stdio: ["ignore", 2, 2] });
    if (installed.error) throw installed.error;
    if (installed.status !== 0) throw new Error("`npm install` failed; its output is above.");
  }
  const node = nodePaths().find((path) => existsSync(path));
  if (!node)
    throw new Error("The pinned Node did not install; run `npm rebuild node` and read its output.");
  return node;
}

/** Runs a script with the pinned Node in this process's place: its output, its signals, its exit code. */
export function runPinned(args) {
  let node;
  try {
    node = ensureInstalled();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  const bin = join(root, "node_modules/.bin");
  const child = spawn(node, args, {
    stdio: "inherit",
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` },
  });
  // A terminal sends Ctrl-C to the whole group already; a second one would read as "at once".
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1));
  });
}
