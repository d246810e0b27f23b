import type { Check, Finding, House } from "./house.ts";

const MIGRATION = /^(db\/(?:postgres|clickhouse)\/migrations\/)([^/]+)\.sql$/;
const NAME = /^(\d{4})_[a-z0-9_]+$/;

// Each kind of statement, and the words without which a second run of it fails.
const ONCE_ONLY: [RegExp, RegExp, string][] = [
  [
    /^CREATE (?:UNIQUE )?(?:INDEX(?: CONCURRENTLY)?|TABLE|SCHEMA|EXTENSION|SEQUENCE|DATABASE|MATERIALIZED VIEW|VIEW|DICTIONARY|FUNCTION)\b/i,
    /\bIF NOT EXISTS\b|^CREATE OR REPLACE\b/i,
    "IF NOT EXISTS",
  ],
  [/^CREATE TYPE\b/i, /$^/, "a text column with a CHECK instead of a type"],
  [/^DROP\b/i, /^DROP (?:MATERIALIZED )?\w+(?: CONCURRENTLY)? IF EXISTS\b/i, "IF EXISTS"],
  [/\bADD COLUMN\b/i, /\bADD COLUMN IF NOT EXISTS\b/i, "IF NOT EXISTS"],
  [/\bADD INDEX\b/i, /\bADD INDEX IF NOT EXISTS\b/i, "IF NOT EXISTS"],
  [
    /\bDROP (?:COLUMN|CONSTRAINT|INDEX)\b/i,
    /\bDROP (?:COLUMN|CONSTRAINT|INDEX) IF EXISTS\b/i,
    "IF EXISTS",
  ],
  // What is moved partition by partition goes to a table that replaces what it holds already.
  [
    /^INSERT INTO\b/i,
    /\bON CONFLICT\b|\bWHERE NOT EXISTS\b|\bWHERE _partition_id = \{partition: String\}/i,
    "ON CONFLICT",
  ],
];

type Statement = { line: number; sql: string };

/** Statements with the line that each begins on; comments and what stands in quotes or $$ are blanked. */
export function statementsOf(text: string): Statement[] {
  const blank = (found: string) => found.replace(/[^\n]/g, " ");
  const bare = text
    .replace(/\$\$[\s\S]*?\$\$/g, blank)
    .replace(/--[^\n]*/g, blank)
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/'(?:[^']|'')*'/g, blank);
  let offset = 0;
  return bare.split(";").flatMap((part) => {
    const start = offset + part.search(/\S|$/);
    offset += part.length + 1;
    const sql = part.trim().replace(/\s+/g, " ");
    return sql === "" ? [] : [{ line: bare.slice(0, start).split("\n").length, sql }];
  });
}

function findNumbering(folder: string, names: string[]): Finding[] {
  const findings: Finding[] = [];
  let expected = 1;
  for (const name of names) {
    const path = `${folder}${name}.sql`;
    const number = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) findings.push({ path, message: "call it NNNN_snake_case.sql" });
    else if (number < expected) findings.push({ path, message: `number ${number} is taken twice` });
    else if (number > expected)
      findings.push({ path, message: `number ${expected} is missing before it` });
    if (!Number.isNaN(number)) expected = number + 1;
  }
  return findings;
}

function findOnceOnly({ text }: House, path: string): Finding[] {
  return statementsOf(text(path)).flatMap(({ line, sql }) =>
    ONCE_ONLY.filter(([kind, safe]) => kind.test(sql) && !safe.test(sql)).map(([, , remedy]) => ({
      path,
      line,
      message: `a second run of this fails; it needs ${remedy}`,
    })),
  );
}

export const checkMigrations: Check = (house) => {
  const folders = new Map<string, string[]>();
  for (const path of house.files) {
    const [, folder, name] = MIGRATION.exec(path) ?? [];
    if (folder === undefined || name === undefined) continue;
    folders.set(folder, [...(folders.get(folder) ?? []), name]);
  }
  return [...folders].flatMap(([folder, names]) => [
    ...findNumbering(folder, names.sort()),
    ...names.flatMap((name) => findOnceOnly(house, `${folder}${name}.sql`)),
  ]);
};
