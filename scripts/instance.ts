import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { z } from "zod";

const instanceSchema = z.object({
  secret: z.string().min(32),
  postgresPassword: z.string().min(16),
  clickhousePassword: z.string().min(16),
  ports: z.object({
    web: z.int(),
    ingest: z.int(),
    worker: z.int(),
    postgres: z.int(),
    clickhouse: z.int(),
  }),
});
export type Instance = z.infer<typeof instanceSchema>;

export const credentialsSchema = z.object({
  url: z.string(),
  email: z.string(),
  password: z.string(),
  workspace: z.string(),
  /** Of that workspace; the demo's flights are logged with their own. */
  apiKey: z.string(),
  demo: z.object({ workspace: z.string(), apiKey: z.string() }).optional(),
});
export type Credentials = z.infer<typeof credentialsSchema>;

const wantedPorts = { web: 3000, ingest: 4319, worker: 4320, postgres: 4321, clickhouse: 4322 };

/** What this clone's installation is: made at the first start, the same at every later one, but for a port that
 *  something else has taken meanwhile. */
export async function openInstance(folder: string, webPort: number | undefined): Promise<Instance> {
  // Others may pass through, not look: Postgres runs as an account of its own when this process is root's.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const path = join(folder, "instance.json");
  const known = existsSync(path)
    ? instanceSchema.parse(JSON.parse(readFileSync(path, "utf8")))
    : null;
  const wanted = {
    ...(known?.ports ?? wantedPorts),
    ...(webPort === undefined ? {} : { web: webPort }),
  };
  const taken = new Set<number>();
  const free = async (port: number): Promise<number> => {
    for (let candidate = port; candidate < port + 200; candidate++) {
      if (!taken.has(candidate) && (await isFree(candidate))) {
        taken.add(candidate);
        return candidate;
      }
    }
    throw new Error(`No free port between ${port} and ${port + 199}.`);
  };
  const instance: Instance = {
    secret: known?.secret ?? randomBytes(32).toString("base64url"),
    postgresPassword: known?.postgresPassword ?? randomBytes(18).toString("base64url"),
    clickhousePassword: known?.clickhousePassword ?? randomBytes(18).toString("base64url"),
    ports: {
      web: await free(wanted.web),
      ingest: await free(wanted.ingest),
      worker: await free(wanted.worker),
      postgres: await free(wanted.postgres),
      clickhouse: await free(wanted.clickhouse),
    },
  };
  if (known === null) writeInstance(folder, instance);
  return instance;
}

/** Kept once its stores run: a second start, which they turn away, must not note other ports over those of the first. */
export function writeInstance(folder: string, instance: Instance): void {
  writePrivate(join(folder, "instance.json"), instance);
}

export function readCredentials(folder: string): Credentials | null {
  const path = join(folder, "credentials.json");
  return existsSync(path) ? credentialsSchema.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}

export function writeCredentials(folder: string, credentials: Credentials): void {
  writePrivate(join(folder, "credentials.json"), credentials);
}

/** Whole or not at all: a start that is cut off must not leave half a secret behind. */
function writePrivate(path: string, value: unknown): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
    server.close(() => resolve(true)),
  );
  return promise;
}
