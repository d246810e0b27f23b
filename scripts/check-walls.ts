import { readFileSync } from "node:fs";
import { cruise } from "./cruise.ts";
import { listFiles } from "./list-files.ts";
import { root } from "./root.ts";

const { moduleCount, unseen, violations } = await cruise({
  dir: root,
  toolsDir: root,
  files: listFiles(root),
  config: ".dependency-cruiser.cjs",
});

for (const { rule, from, to, comment } of violations)
  console.error(`${from}\n  imports ${to}\n  ${rule}: ${comment}`);
for (const path of unseen)
  console.error(`${path}\n  was not read by dependency-cruiser: the walls cannot vouch for it`);

const typescript: { version: string } = JSON.parse(
  readFileSync(`${root}/node_modules/typescript/package.json`, "utf8"),
);
if (Number.parseInt(typescript.version, 10) > 6)
  console.error(`typescript ${typescript.version}: dependency-cruiser reads nothing through 7`);

console.log(`${moduleCount} modules cruised, ${violations.length} violations`);
if (violations.length > 0 || unseen.length > 0) process.exitCode = 1;
