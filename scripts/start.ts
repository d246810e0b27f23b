import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startStores } from "#db/embedded/start-stores.ts";
import { buildConsole } from "./build-console.ts";
import { Demo } from "./demo/demo.ts";
import { manageDemo } from "./demo/manage-demo.ts";
import type { Credentials, Instance } from "./instance.ts";
import { openInstance, readCredentials, writeCredentials, writeInstance } from "./instance.ts";
import { migrateStores } from "./migrate-stores.ts";
import { root } from "./root.ts";
import { seedWorkspace } from "./seed-workspace.ts";
import type { RunningService } from "./supervise.ts";
import { superviseService } from "./supervise.ts";

const startedMs = performance.now();
const seconds = () => `${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s`;
const say = (line: string) => console.log(`${seconds()}  ${line}`);

const { values: flags } = parseArgs({ options: { "no-demo": { type: "boolean" } } });
const isDemoWanted = flags["no-demo"] !== true && process.env.PLUMBLINE_DEMO !== "off";
const folder = resolve(root, process.env.PLUMBLINE_DATA_DIR ?? ".plumbline");
const webPort = process.env.PORT === undefined ? undefined : Number(process.env.PORT);
const stopping = new AbortController();
const stops: (() => Promise<void>)[] = [];

const instance = await openInstance(folder, webPort);
process.on("SIGINT", () => void stopAll(0));
process.on("SIGTERM", () => void stopAll(0));
process.on("SIGHUP", () => void stopAll(0));

try {
  await start(instance);
} catch (error) {
  if (!stopping.signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.message);
    await stopAll(1);
  }
}

async function start(made: Instance): Promise<void> {
  const { ports, secret, postgresPassword, clickhousePassword } = made;
  say("Starting Postgres and ClickHouse.");
  const stores = await startStores({
    dataDir: folder,
    databaseUrl: process.env.DATABASE_URL,
    clickhouseUrl: process.env.CLICKHOUSE_URL,
    postgres: { port: ports.postgres, password: postgresPassword },
    clickhouse: { port: ports.clickhouse, password: clickhousePassword },
    logsDir: join(folder, "logs"),
  });
  stops.push(() => stores.stop());
  writeInstance(folder, made);
  await migrateStores(stores.databaseUrl, stores.clickhouseUrl, say);

  const url = process.env.PLUMBLINE_URL ?? `http://localhost:${ports.web}`;
  const env = {
    NODE_ENV: "production",
    DATABASE_URL: stores.databaseUrl,
    CLICKHOUSE_URL: stores.clickhouseUrl,
    PLUMBLINE_SECRET: secret,
    PLUMBLINE_URL: url,
    PLUMBLINE_INGEST_URL: `http://127.0.0.1:${ports.ingest}`,
    PLUMBLINE_INGEST_PORT: String(ports.ingest),
    PLUMBLINE_WORKER_PORT: String(ports.worker),
    PLUMBLINE_DATA_DIR: folder,
    NEXT_TELEMETRY_DISABLED: "1",
    UV_THREADPOOL_SIZE: "8",
  };
  const known = readCredentials(folder);
  const credentials =
    known ?? (await seedWorkspace({ ...stores, url, hasDemo: isDemoWanted, now: new Date() }));
  writeCredentials(folder, { ...credentials, url });

  const run = async (name: string, args: string[], port: number, path: string) => {
    const service = await superviseService(
      { name, args, env, readyUrl: `http://127.0.0.1:${port}${path}`, readyMs: 60_000 },
      { root, logs: join(folder, "logs") },
      say,
    );
    stops.push(() => service.stop());
    return service;
  };

  say("Starting ingest and the worker.");
  const [ingest, worker] = await Promise.all([
    run("ingest", ["ingest/main.ts"], ports.ingest, "/healthz"),
    run("worker", ["jobs/main.ts"], ports.worker, "/healthz"),
  ]);

  const place = isDemoWanted ? credentials.demo : undefined;
  const demo = place
    ? new Demo({
        root,
        folder,
        clickhouseUrl: stores.clickhouseUrl,
        door: {
          url: `http://127.0.0.1:${ports.ingest}`,
          apiKey: place.apiKey,
          signal: stopping.signal,
        },
        manage: manageDemo({ ...stores, ...place }),
        clock: () => Date.now(),
        say: sayEveryTenth(),
      })
    : null;
  if (demo !== null) stops.push(() => demo.close());
  // A demo that can't be loaded is no reason to hold back the product.
  const loading = demo?.load().catch((error: unknown) => {
    if (!stopping.signal.aborted)
      say(`Demo: ${error instanceof Error ? error.message : String(error)}`);
  });

  const buildSeconds = await buildConsole(root, () =>
    say("Building the console; this happens once."),
  );
  if (buildSeconds > 0) say(`Built the console in ${buildSeconds.toFixed(0)} s.`);
  const web = await run(
    "web",
    [
      join(root, "node_modules/next/dist/bin/next"),
      "start",
      "-p",
      String(ports.web),
      "--keepAliveTimeout",
      "75000",
    ],
    ports.web,
    "/healthz",
  );
  if (known === null) {
    await loading;
    printAddress(url, credentials);
  } else {
    printAddress(url, credentials);
    await loading;
  }
  sayProcesses([ingest, worker, web], stores);
  void demo?.live();
}

function printAddress(url: string, credentials: Credentials): void {
  say("Ready.");
  console.log(`
  Plumbline    ${url}
  Sign in      ${credentials.email}
  Password     ${credentials.password}
  API key      ${credentials.apiKey}  (workspace ${credentials.workspace})

  The same in ${join(folder, "credentials.json")}. Ctrl-C stops everything.
`);
}

function sayProcesses(
  services: RunningService[],
  stores: { clickhouse?: { pid(): number | undefined } | undefined },
): void {
  const pids = services.map((service) => `${service.name} ${service.pid()}`);
  if (stores.clickhouse !== undefined) pids.push(`clickhouse ${stores.clickhouse.pid()}`);
  say(`Processes: ${pids.join(", ")}. Logs: ${join(folder, "logs")}`);
}

/** Progress every ten percent and every other message as it comes. */
function sayEveryTenth(): (line: string) => void {
  let lastTenth = -1;
  return (line) => {
    const percent = /(\d+) %$/.exec(line)?.[1];
    if (percent === undefined) {
      say(line);
      return;
    }
    const tenth = Math.floor(Number(percent) / 10);
    if (tenth > lastTenth) say(line);
    lastTenth = Math.max(lastTenth, tenth);
  };
}

/** In the reverse of the order of starting: who writes stops before what is written to. */
async function stopAll(exitCode: number): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  say("Stopping.");
  for (const stop of stops.reverse()) {
    await stop().catch((error: unknown) => console.error(error));
  }
  process.exit(exitCode);
}
