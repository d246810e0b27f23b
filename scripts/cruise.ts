import { join } from "node:path";
import { runCommand } from "./run-command.ts";

const ROOMS = "app|components|db|ingest|jobs|lib|sdk|e2e|bench|scripts";
const CRUISABLE = new RegExp(`^((${ROOMS})/.*\\.(ts|tsx|js|mjs|cjs)|[^/]+\\.ts)$`);
const NOT_CRUISED = /^(sdk\/python|scripts\/fixtures)\/|\.d\.ts$/;

export type WallViolation = { rule: string; from: string; to: string; comment: string };
export type CruiseResult = { moduleCount: number; unseen: string[]; violations: WallViolation[] };

type Raw = {
  modules: { source: string }[];
  summary: {
    violations: { from: string; to: string; rule: { name: string } }[];
    ruleSetUsed: { forbidden: { name: string; comment?: string }[] };
  };
};

/** Which of the listed files the walls speak about. */
export function cruisableFiles(files: readonly string[]): string[] {
  return files.filter((path) => CRUISABLE.test(path) && !NOT_CRUISED.test(path));
}

/** Runs dependency-cruiser over `files` of `dir` by the rules of `config`. `unseen` are files that it should have
 *  read and did not: a wall that sees nothing passes. */
export async function cruise(options: {
  dir: string;
  toolsDir: string;
  files: readonly string[];
  config: string;
}): Promise<CruiseResult> {
  const { dir, toolsDir, config } = options;
  const files = cruisableFiles(options.files);
  if (files.length === 0) return { moduleCount: 0, unseen: [], violations: [] };
  const tool = join(toolsDir, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const command = [process.execPath, tool, "--config", config, "--output-type", "json", ...files];
  const result = await runCommand(command, { cwd: dir });
  const raw = parse(result.stdout);
  if (raw === null) throw new Error(`dependency-cruiser did not answer:\n${result.output}`);
  const seen = new Set(raw.modules.map((module) => module.source));
  const comments = new Map(
    raw.summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]),
  );
  return {
    moduleCount: seen.size,
    unseen: files.filter((path) => !seen.has(path)),
    violations: raw.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
      comment: comments.get(rule.name) ?? "",
    })),
  };
}

function parse(text: string): Raw | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
