import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openEngine } from "./child/engine.ts";
import { createHandler } from "./child/handle-request.ts";

/** The first line on stdin. It carries the password, which arguments and environments show to other users. */
export interface ChildOptions {
  dataDir: string;
  port: number;
  username: string;
  password: string;
  memoryBytesMax: number;
  sessionsMax: number;
  queueMax: number;
  insertBytesMax: number;
  answerBytesMax: number;
}

export interface ChildReady {
  ready: true;
  port: number;
  version: string;
}

const stopMsMax = 8_000;

function start(options: ChildOptions): void {
  const spoolDir = join(options.dataDir, "spool");
  rmSync(spoolDir, { recursive: true, force: true });
  mkdirSync(spoolDir, { recursive: true, mode: 0o700 });
  process.chdir(spoolDir);
  const engine = openEngine(options);
  const handler = createHandler({
    engine,
    credentials: options,
    spoolDir,
    insertBytesMax: options.insertBytesMax,
    answerBytesMax: options.answerBytesMax,
  });
  const server = createServer(
    { maxHeaderSize: 1024 * 1024, keepAliveTimeout: 65_000, requestTimeout: 0 },
    (request, response) => {
      void handler(request, response);
    },
  );
  let isStopping = false;
  stop = () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.kill(process.pid, "SIGKILL"), stopMsMax);
    server.close();
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), stopMsMax / 4).unref();
    void engine.close().then(() => process.exit(0));
  };
  server.on("error", (error) => fail(error));
  server.listen(options.port, "127.0.0.1", () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : options.port;
    const ready: ChildReady = { ready: true, port, version: engine.version };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  });
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

let stop: () => void = () => process.exit(0);
let isStarted = false;
// The parent holds the other end: when it goes, however it goes, this process goes too. Signals of a terminal are the
// parent's to act on, since it stops its processes in order.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => stop());
const lines = createInterface({ input: process.stdin });
lines.on("close", () => stop());
lines.on("line", (line) => {
  if (isStarted) return;
  isStarted = true;
  try {
    start(JSON.parse(line) as ChildOptions);
  } catch (error) {
    fail(error);
  }
});
