import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { lockFolder } from "../folder-lock.ts";
import { prepareBinaries } from "./postgres/binaries.ts";
import { identity, prepareCluster, serverEnv } from "./postgres/cluster.ts";
import { stopOrphan } from "./postgres/orphan.ts";
import { canReach, chooseAccount } from "./postgres/run-as.ts";
import type { StoreLogger } from "./store-logger.ts";
import { silentLogger } from "./store-logger.ts";
import { supervise } from "./supervise.ts";
import { assertPlatform } from "./supported-platform.ts";

export interface StartPostgresOptions {
  dataDir: string;
  /** 0, the default: any free port. */
  port?: number;
  /** Generated and kept beside the data when absent. */
  password?: string;
  logger?: StoreLogger;
}

export interface EmbeddedPostgres {
  url: string;
  port: number;
  password: string;
  /** Where the cluster lies: in dataDir, or where the account that runs it can reach it. */
  clusterDir: string;
  pid(): number | undefined;
  restarts(): number;
  stop(): Promise<void>;
}

const username = "plumbline";
const database = "plumbline";
const readyMsMax = 60_000;
const settings: Record<string, string | number> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 60,
  shared_buffers: "64MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  max_wal_size: "512MB",
  min_wal_size: "80MB",
  max_parallel_workers_per_gather: 0,
  max_parallel_workers: 2,
  max_worker_processes: 4,
  max_wal_senders: 0,
  wal_level: "minimal",
  io_method: "sync",
  fsync: "on",
  password_encryption: "scram-sha-256",
  log_min_messages: "warning",
  log_line_prefix: "",
};

/** Starts a real Postgres on loopback, and keeps it running until stop() or the death of this process. */
export async function startPostgres(options: StartPostgresOptions): Promise<EmbeddedPostgres> {
  assertPlatform("Postgres", "DATABASE_URL");
  const dataDir = resolve(options.dataDir);
  const logger = options.logger ?? silentLogger;
  mkdirSync(dataDir, { recursive: true });
  const lock = lockFolder(dataDir, "The embedded Postgres");
  try {
    const home = chooseHome(dataDir);
    const account = chooseAccount(join(home, "cluster"));
    const binaries = prepareBinaries(account, sharedDir());
    const password = keepPassword(dataDir, options.password);
    const clusterDir = await prepareCluster({
      home,
      binaries,
      account,
      username,
      password: password.stored,
    });
    let port = options.port ?? 0;

    async function spawnReady(): Promise<ChildProcess> {
      await stopOrphan(clusterDir);
      if (port === 0) port = await findFreePort();
      const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => [
        "-c",
        `${name}=${value}`,
      ]);
      const child = spawn(binaries.postgres, ["-D", clusterDir, ...flags], {
        cwd: clusterDir,
        env: serverEnv,
        stdio: ["ignore", "ignore", "pipe"],
        detached: true,
        ...identity(account),
      });
      const watchdog = stopWithParent(child);
      try {
        await waitUntilReady(child, urlFor(port, password.stored, "postgres"), logger);
      } catch (error) {
        // Whatever it is that listens there is of no use, and must not outlive the attempt.
        child.kill("SIGINT");
        watchdog.kill("SIGKILL");
        throw error;
      }
      return child;
    }

    const supervised = await supervise({
      name: "The embedded Postgres",
      logger,
      spawnReady,
      // Fast shutdown: open transactions are rolled back, and the next start needs no recovery.
      askToStop: (child) => child.kill("SIGINT"),
      stopMsMax: 20_000,
    });
    await prepareDatabase(urlFor(port, password.stored, "postgres"), password);
    if (password.wanted !== password.stored) writePassword(dataDir, password.wanted);
    return {
      url: urlFor(port, password.wanted, database),
      port,
      password: password.wanted,
      clusterDir,
      pid: supervised.pid,
      restarts: supervised.restarts,
      async stop() {
        await supervised.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** In the data folder where that is possible; as root in a folder that others can't enter, where the account can. */
function chooseHome(dataDir: string): string {
  const account = chooseAccount(join(dataDir, "cluster"));
  if (account === undefined || canReach(dataDir, account)) return join(dataDir, "server");
  mkdirSync(sharedDir(), { recursive: true, mode: 0o755 });
  return join(sharedDir(), `data-${keepClusterId(dataDir)}`);
}

/** Which cluster outside belongs to this data folder: a new folder of the same path starts with a new one. */
function keepClusterId(dataDir: string): string {
  const path = join(dataDir, "cluster-id");
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const id = randomBytes(8).toString("hex");
  writeFileSync(path, `${id}\n`, { mode: 0o600 });
  return id;
}

function sharedDir(): string {
  return join(existsSync("/var/lib") ? "/var/lib" : tmpdir(), "plumbline");
}

interface Password {
  stored: string;
  wanted: string;
}

function keepPassword(dataDir: string, wanted: string | undefined): Password {
  const path = join(dataDir, "password");
  if (existsSync(path)) {
    const stored = readFileSync(path, "utf8").trim();
    return { stored, wanted: wanted ?? stored };
  }
  const password = wanted ?? randomBytes(24).toString("base64url");
  writePassword(dataDir, password);
  return { stored: password, wanted: password };
}

function writePassword(dataDir: string, password: string): void {
  writeFileSync(join(dataDir, "password"), `${password}\n`, { mode: 0o600 });
}

function urlFor(port: number, password: string, name: string): string {
  return `postgres://${username}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("No free port was found");
  return address.port;
}

/** A shell that reads from this process until it ends, however it ends, and then stops the server in an orderly way. */
function stopWithParent(server: ChildProcess): ChildProcess {
  const script = 'while read -r _; do :; done; kill -INT "$1" 2>/dev/null';
  const watchdog = spawn("/bin/sh", ["-c", script, "plumbline-watchdog", String(server.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    env: serverEnv,
    detached: true,
  });
  watchdog.on("error", () => undefined);
  watchdog.unref();
  server.once("exit", () => watchdog.kill("SIGKILL"));
  return watchdog;
}

async function waitUntilReady(
  child: ChildProcess,
  url: string,
  logger: StoreLogger,
): Promise<void> {
  let complaint = "";
  let isReady = false;
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4_096);
    if (isReady && /\b(WARNING|ERROR|FATAL|PANIC):/.test(text))
      logger.warn({ stderr: text.trim().slice(0, 2_000) }, "The embedded Postgres complained");
  });
  let ended: string | undefined;
  child.once("error", (error) => {
    ended = error.message;
  });
  child.once("exit", (code, signal) => {
    ended = `it ended with ${signal ?? code}`;
  });
  const deadline = Date.now() + readyMsMax;
  while (ended === undefined && Date.now() < deadline) {
    isReady = await answers(url);
    if (isReady) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  child.kill("SIGQUIT");
  throw new Error(
    `The embedded Postgres did not start: ${ended ?? "it did not answer"}. ${complaint.trim()}`,
  );
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    // 28P01: it is up, and the password on disk is not the cluster's; waiting will not help.
    if (error instanceof Error && "code" in error && error.code === "28P01") throw error;
    return false;
  }
}

async function prepareDatabase(url: string, password: Password): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    if (found.rowCount === 0)
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
    if (password.wanted !== password.stored) {
      await client.query(
        `ALTER ROLE ${client.escapeIdentifier(username)} PASSWORD ${client.escapeLiteral(password.wanted)}`,
      );
    }
  } finally {
    await client.end();
  }
}
