import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./root.ts";
import { exitOnSignals, runCommand } from "./run-command.ts";
import type { Counts } from "./test-counts.ts";
import { settleCounts, sumCounts } from "./test-counts.ts";
import type { TestStep } from "./test-steps.ts";
import { testSteps } from "./test-steps.ts";

const STEP_TIMEOUT_MS = 35 * 60_000;
const isCi = process.env.CI === "true";

type Outcome = Counts & { name: string; seconds: number; remark: string };

exitOnSignals();
const reports = mkdtempSync(join(tmpdir(), "plumbline-test-"));
process.once("exit", () => rmSync(reports, { recursive: true, force: true }));

// `npm test -- build journeys` runs those steps alone.
const { positionals } = parseArgs({ allowPositionals: true });
const steps = testSteps(reports);
const unknown = positionals.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `No step is called ${unknown.join(" or ")}: ${steps.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
const chosen = steps.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const outcomes: Outcome[] = [];
for (const step of chosen) outcomes.push(await runStep(step));
report(outcomes);

async function runStep(step: TestStep): Promise<Outcome> {
  const { name } = step;
  const unmade = outcomes.find((outcome) => outcome.name === step.needs && outcome.failed > 0);
  if (unmade) {
    const remark = `not run: ${unmade.name} failed`;
    return { name, passed: 0, failed: 1, skipped: [], seconds: 0, remark };
  }
  const lack = step.missing?.() ?? null;
  if (lack !== null)
    return { name, passed: 0, failed: 0, skipped: [`${name}: ${lack}`], seconds: 0, remark: lack };

  console.log(`\n=== ${name} ===`);
  const { exitCode, seconds } = await runCommand(step.command, {
    cwd: root,
    env: step.env,
    isEchoed: true,
    timeoutMs: STEP_TIMEOUT_MS,
  });
  const counts = settleCounts(countsOf(step, exitCode), exitCode);
  return { name, ...counts, seconds, remark: exitCode === 0 ? "" : `exit code ${exitCode}` };
}

/** A step without a report of its own is one check. */
function countsOf(step: TestStep, exitCode: number): Counts | null {
  if (!step.parse) return { passed: exitCode === 0 ? 1 : 0, failed: 0, skipped: [] };
  try {
    return step.parse((name) => JSON.parse(readFileSync(join(reports, name), "utf8")));
  } catch (error) {
    console.error(`${step.name} left no report: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

function report(all: readonly Outcome[]) {
  console.log("\n                  passed  failed  skipped  seconds");
  for (const { name, passed, failed, skipped, seconds, remark } of all)
    console.log(
      [
        name.padEnd(16),
        String(passed).padStart(8),
        String(failed).padStart(8),
        String(skipped.length).padStart(9),
        seconds.toFixed(1).padStart(9),
        `  ${remark}`,
      ]
        .join("")
        .trimEnd(),
    );

  const sum = sumCounts(all);
  if (sum.skipped.length > 0) console.log("\nSkipped:");
  for (const name of sum.skipped) console.log(`  ${name}`);
  const isShort = isCi && sum.skipped.length > 0;
  if (isShort) console.log("\nWith CI=true nothing may be skipped: this run has failed.");
  if (sum.failed > 0 || isShort) process.exitCode = 1;
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped.length} skipped`);
}
