import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./root.ts";
import type { CommandResult } from "./run-command.ts";
import { exitOnSignals, runCommand } from "./run-command.ts";

const node = process.execPath;
// `npm test` adds up what ran: with --reports, each check's outcome and the unit tests' are written to that folder.
const { values } = parseArgs({ options: { reports: { type: "string" } } });
const bin = (path: string) => join(root, "node_modules", path);

type Step = { name: string; command: string[] };
type Outcome = Step & CommandResult;

const UNIT_TESTS = "unit tests";
const unitProjects = ["--project", "unit", "--project", "mocked"];
const unitReport = values.reports
  ? ["--reporter=default", "--reporter=json", `--outputFile.json=${values.reports}/unit.json`]
  : [];

// The slowest first, so that the second core is never left waiting for it at the end.
const steps: Step[] = [
  {
    name: UNIT_TESTS,
    command: [node, bin("vitest/vitest.mjs"), "run", ...unitProjects, ...unitReport],
  },
  // The native compiler takes a quarter of the CPU; the other tools still need the JavaScript one for its API.
  { name: "types", command: [node, bin("typescript-7/bin/tsc"), "-p", ".", "--checkers", "1"] },
  { name: "walls", command: [node, "scripts/check-walls.ts"] },
  { name: "dead code", command: [node, bin("knip/bin/knip.js"), "--no-progress"] },
  {
    name: "format, lint",
    command: [bin(".bin/biome"), "check", "--error-on-warnings", "--reporter=concise", "."],
  },
  { name: "tidy", command: [node, "scripts/tidy.mjs"] },
];
const RUNNING_MAX = 2;
const HEAD_LINES = 40;
const TAIL_LINES = 80;

async function runAll(queue: Step[]): Promise<Outcome[]> {
  const waiting = [...queue];
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift())
      outcomes.push({ ...step, ...(await runCommand(step.command, { cwd: root })) });
  };
  await Promise.all(Array.from({ length: RUNNING_MAX }, worker));
  return queue.flatMap((step) => outcomes.filter((outcome) => outcome.name === step.name));
}

/** Next declares its images, styles and route types in a generated file that a fresh clone does not have. */
async function generateRouteTypes() {
  if (existsSync(join(root, "next-env.d.ts")) || !existsSync(join(root, "app"))) return;
  await runCommand([node, bin("next/dist/bin/next"), "typegen"], { cwd: root });
}

exitOnSignals();
const startedMs = performance.now();
await generateRouteTypes();
const outcomes = await runAll(steps);
const failed = outcomes.filter((outcome) => outcome.exitCode !== 0);

for (const { name, command, output } of failed) {
  const lines = output.trim().split("\n");
  console.log(`\n--- ${name} ---`);
  if (lines.length <= HEAD_LINES + TAIL_LINES) console.log(lines.join("\n"));
  else {
    const words = command.map((word) => word.replace(`${root}/`, "")).join(" ");
    // Some say what is wrong first, and a run of tests last.
    console.log(lines.slice(0, HEAD_LINES).join("\n"));
    console.log(`... ${lines.length - HEAD_LINES - TAIL_LINES} lines left out: ${words}`);
    console.log(lines.slice(-TAIL_LINES).join("\n"));
  }
}
console.log("");
for (const { name, exitCode, seconds } of outcomes)
  console.log(
    `${exitCode === 0 ? "ok  " : "FAIL"}  ${name.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`,
  );
const totalSeconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(`${"".padEnd(20)} ${totalSeconds.padStart(6)} s in all\n`);

if (values.reports) {
  const report = outcomes
    .filter(({ name }) => name !== UNIT_TESTS)
    .map(({ name, exitCode }) => ({ name, isPassed: exitCode === 0 }));
  writeFileSync(join(values.reports, "verify.json"), JSON.stringify(report));
}

if (failed.length > 0) {
  console.log(`verify failed: ${failed.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
} else {
  console.log("verify passed");
}
