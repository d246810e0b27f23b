import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

const sources = ["app", "components", "lib", "db", "public"];
const files = [
  "package-lock.json",
  "next.config.ts",
  "postcss.config.mjs",
  "proxy.ts",
  "instrumentation.ts",
  "tsconfig.json",
];

/** Builds the console unless the build that is there was made from the same sources. Returns the seconds it took. */
export async function buildConsole(root: string, onBuild: () => void): Promise<number> {
  const stampPath = join(root, ".next", "plumbline-sources");
  const stamp = hashSources(root);
  const isCurrent = existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp;
  if (isCurrent) return 0;
  onBuild();
  const result = await runCommand(
    [process.execPath, join(root, "node_modules/next/dist/bin/next"), "build"],
    { cwd: root, env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" } },
  );
  if (result.exitCode !== 0)
    throw new Error(`The console did not build:\n${result.output.slice(-4_000)}`);
  writeFileSync(stampPath, stamp);
  return result.seconds;
}

function hashSources(root: string): string {
  const hash = createHash("sha256");
  for (const file of files)
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
  for (const folder of sources) hashFolder(join(root, folder), hash);
  return hash.digest("hex");
}

function hashFolder(folder: string, hash: ReturnType<typeof createHash>): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) hashFolder(path, hash);
    else if (!/\.test\.tsx?$/.test(name)) hash.update(name).update(readFileSync(path));
  }
}
