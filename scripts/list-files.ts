import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What git tracks or would track, as paths relative to `dir`, sorted. A file deleted but still staged is left out. */
export function listFiles(dir: string): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const output = execFileSync("git", args, { cwd: dir, encoding: "utf8", maxBuffer: 1 << 26 });
  const paths = output.split("\0").filter((path) => path !== "" && existsSync(join(dir, path)));
  return [...new Set(paths)].sort();
}

/** Every file under a folder that git does not know, node_modules aside. */
export function listTree(dir: string, under = ""): string[] {
  return readdirSync(join(dir, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    if (entry.name === "node_modules") return [];
    return entry.isDirectory() ? listTree(dir, path) : [path];
  });
}
