import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { lockFolder } from "../folder-lock.ts";
import type { ChildOptions, ChildReady } from "./clickhouse-child.ts";
import type { StoreLogger } from "./store-logger.ts";
import { silentLogger } from "./store-logger.ts";
import { supervise } from "./supervise.ts";
import { assertPlatform } from "./supported-platform.ts";

export interface StartClickHouseOptions {
  dataDir: string;
  /** 0, the default: any free port. */
  port?: number;
  /** Generated when absent. */
  password?: string;
  logger?: StoreLogger;
  /** What the engine may hold, all queries and caches together. */
  memoryBytesMax?: number;
  sessionsMax?: number;
  queueMax?: number;
  insertBytesMax?: number;
  /** The most that goes into a file for a client of this machine to read; more is sent. */
  answerBytesMax?: number;
}

export interface EmbeddedClickHouse {
  /** With user, password and database: what CLICKHOUSE_URL takes. */
  url: string;
  username: string;
  password: string;
  database: string;
  port: number;
  version: string;
  pid(): number | undefined;
  restarts(): number;
  stop(): Promise<void>;
}

const childPath = fileURLToPath(new URL("./clickhouse-child.ts", import.meta.url));
const readyMsMax = 60_000;
const database = "plumbline";
const username = "plumbline";

/** Starts the engine in a process of its own, and keeps it running until stop() or the death of this process. */
export async function startClickHouse(
  options: StartClickHouseOptions,
): Promise<EmbeddedClickHouse> {
  assertPlatform("ClickHouse", "CLICKHOUSE_URL");
  const dataDir = resolve(options.dataDir);
  const logger = options.logger ?? silentLogger;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dataDir, "The embedded ClickHouse");
  const password = options.password ?? randomBytes(24).toString("base64url");
  const sessionsMax = options.sessionsMax ?? 12;
  const childOptions: ChildOptions = {
    dataDir,
    port: options.port ?? 0,
    username,
    password,
    memoryBytesMax: options.memoryBytesMax ?? 1024 ** 3,
    sessionsMax,
    queueMax: options.queueMax ?? 64,
    insertBytesMax: options.insertBytesMax ?? 8 * 1024 ** 3,
    answerBytesMax: options.answerBytesMax ?? 256 * 1024 ** 2,
  };
  let version = "";

  async function spawnReady(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ["--max-old-space-size=256", childPath], {
      cwd: dataDir,
      // A home of its own, or the engine reads a stray ~/.clickhouse-local.
      env: {
        HOME: dataDir,
        TZ: "UTC",
        UV_THREADPOOL_SIZE: String(sessionsMax + 6),
        NODE_ENV: "production",
      },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const ready = await waitUntilReady(child, childOptions, logger);
    // A restart must answer where the first start did.
    childOptions.port = ready.port;
    version = ready.version;
    return child;
  }

  try {
    const supervised = await supervise({
      name: "The embedded ClickHouse",
      logger,
      spawnReady,
      askToStop: (child) => child.stdin?.end(),
      stopMsMax: 10_000,
    });
    const { port } = childOptions;
    return {
      url: `http://${username}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
      username,
      password,
      database,
      port,
      version,
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

async function waitUntilReady(
  child: ChildProcess,
  options: ChildOptions,
  logger: StoreLogger,
): Promise<ChildReady> {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null)
    throw new Error("The engine's pipes are missing");
  let complaint = "";
  stdin.on("error", () => undefined);
  stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4_096);
    logger.warn({ stderr: text.trim().slice(0, 2_000) }, "The embedded ClickHouse complained");
  });
  const { promise, resolve: done, reject } = Promise.withResolvers<ChildReady>();
  createInterface({ input: stdout }).on("line", (line) => {
    if (line.startsWith('{"ready":true')) done(JSON.parse(line) as ChildReady);
  });
  const timer = setTimeout(
    () => reject(new Error(`it was not ready after ${readyMsMax} ms`)),
    readyMsMax,
  );
  child.once("error", reject);
  child.once("exit", (code, signal) =>
    reject(new Error(`it ended with ${signal ?? code}: ${complaint.trim()}`)),
  );
  stdin.write(`${JSON.stringify(options)}\n`);
  try {
    return await promise;
  } catch (error) {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      await once(child, "exit");
    throw new Error(
      `The embedded ClickHouse did not start: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}
