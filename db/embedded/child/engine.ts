import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { drainPending, Session } from "chdb";
import { ClickHouseFault, toFault } from "./clickhouse-fault.ts";
import type { EngineOptions } from "./engine-config.ts";
import { writeEngineConfig } from "./engine-config.ts";

export interface RunContext {
  database: string;
  settings: ReadonlyMap<string, string>;
  params: ReadonlyMap<string, string>;
  /** Found in the text of the running statement, so that it can be killed. */
  tag: string;
  signal: AbortSignal;
}

export interface RunResult {
  bytes: Uint8Array;
  rowsRead: number;
  bytesRead: number;
}

export interface Engine {
  readonly version: string;
  run(sql: string, format: string, context: RunContext): Promise<RunResult>;
  stream(sql: string, format: string, context: RunContext): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

interface Lane {
  session: Session;
  database: string;
  settings: Map<string, string>;
  params: Map<string, string>;
  isSpent: boolean;
}

interface Waiter {
  resolve: (lane: Lane) => void;
  reject: (error: unknown) => void;
}

const queueWaitMsMax = 30_000;

export function openEngine(options: EngineOptions): Engine {
  const store = join(options.dataDir, "store");
  const tmp = join(options.dataDir, "tmp");
  rmSync(tmp, { recursive: true, force: true });
  for (const folder of [store, tmp, join(options.dataDir, "spool")])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  const connectionArgs = writeEngineConfig(options);

  const openSession = () => new Session(store, { connectionArgs });
  const control = openSession();
  const version = control.query("SELECT version()", "TabSeparated").trim();
  const baseline = readBaseline(control);
  const idle: Lane[] = [];
  const waiters: Waiter[] = [];
  let open = 0;
  let isClosing = false;
  let busySinceIdle = false;
  let controlTail: Promise<unknown> = Promise.resolve();

  function newLane(): Lane {
    open++;
    return {
      session: openSession(),
      database: "default",
      settings: new Map(),
      params: new Map(),
      isSpent: false,
    };
  }

  async function acquire(signal: AbortSignal): Promise<Lane> {
    if (isClosing) throw new ClickHouseFault(236, "ABORTED", "The engine is stopping");
    signal.throwIfAborted();
    busySinceIdle = true;
    const free = idle.pop();
    if (free !== undefined) return free;
    if (open < options.sessionsMax) return newLane();
    if (waiters.length >= options.queueMax) throw tooMany(options.sessionsMax + options.queueMax);
    const { promise, resolve, reject } = Promise.withResolvers<Lane>();
    const waiter = { resolve, reject };
    waiters.push(waiter);
    const leave = (error: unknown) => {
      const at = waiters.indexOf(waiter);
      if (at >= 0) waiters.splice(at, 1);
      if (at >= 0) reject(error);
    };
    const timer = setTimeout(() => leave(tooMany(options.sessionsMax)), queueWaitMsMax);
    const onAbort = () =>
      leave(new ClickHouseFault(394, "QUERY_WAS_CANCELLED", "The client went away"));
    signal.addEventListener("abort", onAbort);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  function release(lane: Lane): void {
    let next = lane;
    if (lane.isSpent) {
      lane.session.close();
      open--;
      next = newLane();
    }
    const waiter = waiters.shift();
    if (waiter === undefined) idle.push(next);
    else waiter.resolve(next);
  }

  /** Brings a session to what this request asks for, and undoes what the last one did. */
  async function configure(lane: Lane, context: RunContext, sql: string): Promise<void> {
    if (hasForeignParam(lane, context, sql)) {
      lane.session.close();
      Object.assign(lane, {
        session: openSession(),
        database: "default",
        settings: new Map(),
        params: new Map(),
      });
    }
    const changes: string[] = [];
    for (const [name, value] of context.settings) {
      if (lane.settings.get(name) !== value) changes.push(`${name} = ${quote(value)}`);
    }
    for (const name of lane.settings.keys()) {
      if (!context.settings.has(name)) changes.push(`${name} = ${quote(baseline.get(name) ?? "")}`);
    }
    for (const [name, value] of context.params) {
      if (lane.params.get(name) !== value) changes.push(`param_${name} = ${quote(value)}`);
    }
    if (changes.length === 0 && lane.database === context.database) return;
    lane.isSpent = true;
    if (changes.length > 0) await lane.session.queryAsync(`SET ${changes.join(", ")}`);
    if (lane.database !== context.database)
      await lane.session.queryAsync(`USE ${quoteName(context.database)}`);
    lane.database = context.database;
    lane.settings = new Map(context.settings);
    for (const [name, value] of context.params) lane.params.set(name, value);
    lane.isSpent = false;
  }

  /** Kills by tag until the statement is gone: a kill that comes before the statement is registered hits nothing. */
  async function killUntil(tag: string, isDone: () => boolean): Promise<void> {
    for (let attempt = 0; attempt < 100 && !isDone(); attempt++) {
      const kill = () =>
        control.queryAsync(
          `KILL QUERY WHERE position(query, ${quote(tag)}) > 0 AND query_id != queryID() ASYNC`,
        );
      controlTail = controlTail.then(kill, kill).catch(() => undefined);
      await controlTail;
      if (!isDone())
        await new Promise((resolve) => setTimeout(resolve, Math.min(50 * (attempt + 1), 1_000)));
    }
  }

  /** Takes a session, brings it to what the request asks for, and gives it back; an abort kills what runs on it. */
  async function* onLane<T>(
    sql: string,
    context: RunContext,
    work: (lane: Lane) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const lane = await acquire(context.signal);
    let isDone = false;
    let isWhole = false;
    const onAbort = () => void killUntil(context.tag, () => isDone);
    try {
      await configure(lane, context, sql);
      context.signal.throwIfAborted();
      context.signal.addEventListener("abort", onAbort);
      yield* work(lane);
      isWhole = true;
    } catch (error) {
      throw context.signal.aborted ? cancelled() : toFault(error);
    } finally {
      isDone = true;
      context.signal.removeEventListener("abort", onAbort);
      if (!isWhole) await forget(lane);
      release(lane);
    }
  }

  /** A statement that failed stays in the process list, with what it holds, until the session runs another one. */
  async function forget(lane: Lane): Promise<void> {
    try {
      await lane.session.queryAsync("SELECT 1");
    } catch {
      lane.isSpent = true;
    }
  }

  // A merge or a large query leaves pages with the allocator; they are given back once nobody has asked for a while.
  const purge = setInterval(() => {
    const isIdle = idle.length === open && waiters.length === 0;
    if (!isIdle || isClosing) return;
    if (busySinceIdle) busySinceIdle = false;
    else return;
    controlTail = controlTail
      .then(() => control.queryAsync("SYSTEM JEMALLOC PURGE"))
      .catch(() => undefined);
  }, 15_000);
  purge.unref();

  return {
    version,
    async run(sql, format, context) {
      const answers = onLane(sql, context, async function* (lane) {
        yield await lane.session.queryAsync(sql, { format });
      });
      let last: RunResult = { bytes: new Uint8Array(), rowsRead: 0, bytesRead: 0 };
      for await (const answer of answers) {
        last = { bytes: answer.bytes(), rowsRead: answer.rowsRead, bytesRead: answer.bytesRead };
      }
      return last;
    },
    stream: (sql, format, context) =>
      onLane(sql, context, async function* (lane) {
        for await (const chunk of lane.session.queryStream(sql, { format })) {
          if (context.signal.aborted) throw cancelled();
          yield chunk.raw();
        }
      }),
    async close() {
      isClosing = true;
      clearInterval(purge);
      for (const waiter of waiters.splice(0))
        waiter.reject(new ClickHouseFault(236, "ABORTED", "The engine is stopping"));
      await controlTail;
      await drainPending();
      for (const lane of idle.splice(0)) lane.session.close();
      control.close();
      await drainPending();
    },
  };
}

function readBaseline(session: Session): Map<string, string> {
  const rows = session
    .query("SELECT name, value FROM system.settings", "JSONCompactEachRow")
    .trim()
    .split("\n");
  return new Map(rows.map((row) => JSON.parse(row) as [string, string]));
}

/** A parameter that an earlier request left on the session would answer where a server says that it is not set. */
function hasForeignParam(lane: Lane, context: RunContext, sql: string): boolean {
  for (const name of lane.params.keys()) {
    if (!context.params.has(name) && new RegExp(`\\{\\s*${name}\\s*:`).test(sql)) return true;
  }
  return false;
}

function tooMany(limit: number): ClickHouseFault {
  return new ClickHouseFault(
    202,
    "TOO_MANY_SIMULTANEOUS_QUERIES",
    `Too many simultaneous queries. Maximum: ${limit}`,
  );
}

function cancelled(): ClickHouseFault {
  return new ClickHouseFault(394, "QUERY_WAS_CANCELLED", "Query was cancelled");
}

export function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function quoteName(text: string): string {
  return `\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}
