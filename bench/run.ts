import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bench as backtest } from "./backtest.ts";
import type { Bench, BenchOptions, BenchResult } from "./bench-result.ts";
import { bench as causes } from "./causes.ts";
import { bench as consoleApi } from "./console.ts";
import { bench as drift } from "./drift.ts";
import { bench as falsePages } from "./false-pages.ts";
import { bench as ingest } from "./ingest.ts";
import { bench as operatingCharacteristics } from "./operating-characteristics.ts";
import { bench as pageWeight } from "./page-weight.ts";
import { bench as profiles } from "./profiles.ts";
import { bench as steady } from "./steady.ts";
import { bench as storage } from "./storage.ts";
import { bench as wide } from "./wide.ts";

const benches: readonly Bench[] = [
  ingest,
  storage,
  profiles,
  steady,
  drift,
  wide,
  causes,
  consoleApi,
  pageWeight,
  operatingCharacteristics,
  backtest,
  falsePages,
];
const resultsFolder = fileURLToPath(new URL("./results/", import.meta.url));

/** `npm run bench` lists what there is; `npm run bench -- <name>...` runs it, prints a table and writes a JSON. */
const { positionals: wanted, values: flags } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: "string" } },
});
const options = readOptions(flags.rows);
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (wanted.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no bench called ${unknown.join(", ")}.`);
  for (const { name, description } of benches) console.log(`${name.padEnd(26)} ${description}`);
  process.exit(unknown.length > 0 ? 1 : 0);
}
for (const bench of benches.filter(({ name }) => wanted.includes(name)))
  report(await bench.run(options));

function readOptions(rows: string | undefined): BenchOptions {
  if (rows === undefined) return {};
  if (/^[1-9]\d{4,8}$/.test(rows)) return { rows: Number(rows) };
  console.error("--rows is a whole number from 10000 to 999999999.");
  process.exit(1);
}

function report(result: BenchResult): void {
  console.log(`\n${result.name}`);
  console.table(result.rows);
  console.table(result.budgets);
  mkdirSync(resultsFolder, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    node: process.version,
  };
  const at = new Date().toISOString();
  writeFileSync(
    `${resultsFolder}${result.name}.json`,
    `${JSON.stringify({ at, machine, ...result }, null, 2)}\n`,
  );
}
