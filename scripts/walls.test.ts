import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CruiseResult } from "./cruise.ts";
import { cruise } from "./cruise.ts";
import { listTree } from "./list-files.ts";
import { root } from "./root.ts";
import { runCommand } from "./run-command.ts";
import { checks } from "./tidy/checks.ts";
import { readHouse } from "./tidy/house.ts";

// The planted tree is copied out and given the house's own configuration files, so that what is proved here is what
// `verify` runs. Each planted file bears the name of the rule that it breaks.
const CONFIGS = ["biome.json", ".dependency-cruiser.cjs", "tsconfig.json", "knip.json"];
const load = createRequire(import.meta.url);
const { forbidden }: { forbidden: { name: string }[] } = load("../.dependency-cruiser.cjs");
const node = process.execPath;

let dir = "";
let files: string[] = [];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-walls-"));
  cpSync(join(root, "scripts/fixtures/walls"), dir, { recursive: true });
  for (const name of [...CONFIGS, "package.json", ".gitignore"])
    copyFileSync(join(root, name), join(dir, name));
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  files = listTree(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe("imports", () => {
  let result: CruiseResult = { moduleCount: 0, unseen: [], violations: [] };
  beforeAll(async () => {
    result = await cruise({ dir, toolsDir: root, files, config: ".dependency-cruiser.cjs" });
  });

  test.each(forbidden)("$name is reported where it is planted", ({ name }) => {
    const found = result.violations.filter(
      ({ rule, from }) => rule === name && from.includes(name),
    );
    expect(found).not.toEqual([]);
  });

  test("packages are seen as packages, so that their walls have something to look at", () => {
    const to = (rule: string) =>
      result.violations
        .filter((violation) => violation.rule === rule)
        .map((violation) => violation.to);
    expect(to("domain-is-the-ground").join()).toContain("node_modules/pino/");
    expect(to("stats-is-pure").join()).toContain("node_modules/zod/");
    expect(to("drivers-in-one-room").join()).toContain("node_modules/pg/");
    expect(to("recharts-in-one-room").join()).toContain("node_modules/recharts/");
    expect(to("services-know-no-door").join()).toContain("node_modules/next/");
  });

  test("every file was read, and one that is not read is named", async () => {
    expect(result.unseen).toEqual([]);
    writeFileSync(
      join(dir, "blind.cjs"),
      `const house = require("./.dependency-cruiser.cjs");
       module.exports = { ...house, options: { ...house.options, exclude: { path: "^lib/stats/" } } };`,
    );
    const blind = await cruise({ dir, toolsDir: root, files, config: "blind.cjs" });
    expect(blind.unseen).toContain("lib/stats/stats-is-pure.ts");
  });
});

describe("format and lint", () => {
  type Report = {
    diagnostics: { category: string; severity: string; location: { path: string } }[];
  };
  const rules = rulesOf(JSON.parse(readFileSync(join(root, "biome.json"), "utf8")));
  let found: string[] = [];
  let severities = new Set<string>();
  beforeAll(async () => {
    const biome = join(root, "node_modules/.bin/biome");
    const command = [biome, "check", "--reporter=json", "--max-diagnostics=none", "."];
    const report: Report = JSON.parse((await runCommand(command, { cwd: dir })).stdout);
    found = report.diagnostics.map(({ category, location }) => `${location.path}: ${category}`);
    severities = new Set(report.diagnostics.map(({ severity }) => severity));
  });

  test.each(rules)("%s is reported where it is planted", (rule) => {
    const isPlanted = (line: string) => line.includes(kebab(rule)) || line.includes(`/${rule}.`);
    expect(found.filter((line) => line.endsWith(`/${rule}`) && isPlanted(line))).not.toEqual([]);
  });

  test("layout, the order of imports and an ignore without its reason are reported", () => {
    expect(found).toContain("lib/rules/format.ts: format");
    expect(found).toContain("lib/rules/organize-imports.ts: assist/source/organizeImports");
    expect(found.filter((line) => line.startsWith("lib/rules/suppressions.ts: supp"))).not.toEqual(
      [],
    );
  });

  test("planted rules are errors, none a warning", () => {
    expect([...severities]).toEqual(["error"]);
  });
});

describe("types", () => {
  let output = "";
  beforeAll(async () => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const command = [node, tsc, "-p", ".", "--incremental", "false", "--tsBuildInfoFile", "null"];
    output = (await runCommand(command, { cwd: dir })).output;
  });

  test.each([
    ["strict", "TS18047"],
    ["no-unchecked-indexed-access", "TS2532"],
    ["verbatim-module-syntax", "TS1484"],
    ["no-fallthrough-cases-in-switch", "TS7029"],
    ["no-implicit-returns", "TS7030"],
    ["erasable-syntax-only", "TS1294"],
    ["exhaustive-switch", "TS2366"],
  ])("%s stops the build", (name, code) => {
    const lines = output.split("\n").filter((line) => line.startsWith(`lib/rules/${name}.ts`));
    expect(lines.join("\n")).toContain(code);
  });
});

describe("tidy", () => {
  test.each(checks)("$name is reported where it is planted", ({ name, check }) => {
    const house = readHouse(dir, files);
    expect(check(house).filter(({ path }) => path.includes(name))).not.toEqual([]);
  });
});

test("dead code is reported", async () => {
  const knip = join(root, "node_modules/knip/bin/knip.js");
  const { stdout } = await runCommand([node, knip, "--no-progress", "--include", "files"], {
    cwd: dir,
  });
  expect(stdout).toContain("lib/rules/dead-code.ts");
});

test("the planted tree is tracked whole: nothing in it is ignored", () => {
  const planted = "scripts/fixtures/walls";
  const ignored = execFileSync(
    "git",
    ["ls-files", "--others", "--ignored", "--exclude-standard", planted],
    { cwd: root, encoding: "utf8" },
  );
  expect(ignored).toBe("");
});

/** The rules that the house turned on by name. */
function rulesOf(config: { linter: { rules: Record<string, unknown> } }): string[] {
  return Object.values(config.linter.rules).flatMap((group) =>
    typeof group === "object" && group !== null ? Object.keys(group) : [],
  );
}
