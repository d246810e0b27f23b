import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findBrowser } from "./find-browser.ts";
import { root } from "./root.ts";
import type { Counts } from "./test-counts.ts";
import {
  countPlaywright,
  countPython,
  countVerify,
  countVitest,
  sumCounts,
} from "./test-counts.ts";

/** `missing` says what the machine lacks for the step, or null. `parse` reads the reports that the command left. */
export type TestStep = {
  name: string;
  command: string[];
  env?: Record<string, string>;
  missing?: () => string | null;
  parse?: (read: (report: string) => unknown) => Counts;
  needs?: string;
};

const node = process.execPath;
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const playwright = join(root, "node_modules/@playwright/test/cli.js");
const BUILD = "build";
/** What follows finds a product of its own, started as `npm start` does. */
const besideProduct = [node, "scripts/with-product.ts"];

const python = ["python3", "python"].find(
  (name) => spawnSync(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]).status === 0,
);

// Safe: each runner is pinned and writes the report that its counter declares; a report of another shape throws,
// which counts as a failed step.
const as = <T>(value: unknown) => value as T;

const vitestReport = (file: string) => [
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${file}`,
];

export function testSteps(reports: string): TestStep[] {
  return [
    {
      name: "verify",
      command: [node, "scripts/verify.ts", "--reports", reports],
      parse: (read) =>
        sumCounts([countVerify(as(read("verify.json"))), countVitest(as(read("unit.json")))]),
    },
    {
      name: "large data",
      command: [
        node,
        vitest,
        "run",
        "--project",
        "large",
        ...vitestReport(`${reports}/large.json`),
      ],
      parse: (read) => countVitest(as(read("large.json"))),
    },
    {
      name: "stores",
      command: [node, vitest, "run", "--project", "db", ...vitestReport(`${reports}/db.json`)],
      parse: (read) => countVitest(as(read("db.json"))),
    },
    { name: BUILD, command: [node, "scripts/build.ts"] },
    { name: "client bundle", command: [node, "scripts/scan-client-bundle.ts"], needs: BUILD },
    {
      name: "python sdk",
      command: [
        ...besideProduct,
        python ?? "python3",
        "scripts/python-tests.py",
        "sdk/python/tests",
        `${reports}/python.json`,
      ],
      missing: () => (python ? null : "this machine has no Python 3.9 or newer"),
      parse: (read) => countPython(as(read("python.json"))),
      needs: BUILD,
    },
    {
      name: "typescript sdk",
      command: [
        ...besideProduct,
        node,
        vitest,
        "run",
        "--root",
        "sdk/typescript",
        "--config",
        "vitest.config.ts",
        ...vitestReport(`${reports}/typescript.json`),
      ],
      parse: (read) => countVitest(as(read("typescript.json"))),
      needs: BUILD,
    },
    {
      name: "journeys",
      command: [...besideProduct, node, playwright, "test", "--reporter=list,json"],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: `${reports}/journeys.json` },
      missing: () =>
        findBrowser() ? null : "this machine has no Chromium (npx playwright install chromium)",
      parse: (read) => countPlaywright(as(read("journeys.json"))),
      needs: BUILD,
    },
  ];
}
