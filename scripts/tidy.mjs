import { listFiles } from "./list-files.ts";
import { root } from "./root.ts";
import { checks } from "./tidy/checks.ts";
import { readHouse } from "./tidy/house.ts";

const house = readHouse(root, listFiles(root));
const findings = checks.flatMap(({ name, check }) =>
  check(house).map((finding) => ({ name, ...finding })),
);

for (const { name, path, line, message } of findings)
  console.error(`${line ? `${path}:${line}` : path}\n  ${name}: ${message}`);
console.log(
  `${house.files.length} files read by ${checks.length} checks: ${findings.length} findings`,
);
if (findings.length > 0) process.exitCode = 1;
