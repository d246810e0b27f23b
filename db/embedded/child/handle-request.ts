import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { Answer } from "./answer.ts";
import { ClickHouseFault, toFault } from "./clickhouse-fault.ts";
import type { Engine, RunContext } from "./engine.ts";
import { quote } from "./engine.ts";
import type { Credentials, HttpCall } from "./http-call.ts";
import { authenticate, readCall } from "./http-call.ts";
import { readTextBody, spoolBody } from "./request-body.ts";
import type { Statement } from "./statement.ts";
import { notServed, parseStatement } from "./statement.ts";

export interface HandlerOptions {
  engine: Engine;
  credentials: Credentials;
  spoolDir: string;
  insertBytesMax: number;
  /** The most that goes into a file for a client to read. */
  answerBytesMax: number;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

type InsertStatement = Extract<Statement, { kind: "insert" | "insert_input" }>;

/** The engine writes these chunk by chunk and the pieces join; the others carry a header or a frame. */
const streamedFormats =
  /^(JSONEachRow|JSONCompactEachRow|JSONStringsEachRow|JSONCompactStringsEachRow|JSONLines|NDJSON|TSV|TabSeparated|TSVRaw|TabSeparatedRaw|CSV|RowBinary|Native|LineAsString|RawBLOB)$/;
const bufferedResultBytesMax = 256 * 1024 * 1024;
/** A client opens its answer at once, or it has gone away. */
const answerMsMax = 60_000;
/** Too large a result, a file that cannot be written, a full disk. */
const noFileCodes = new Set([75, 76, 107, 243, 396]);

export function createHandler(options: HandlerOptions): Handler {
  const { engine } = options;
  const running = new Map<string, AbortController>();

  async function handle(
    request: IncomingMessage,
    answer: Answer,
    gone: AbortController,
  ): Promise<void> {
    const url = new URL(request.url ?? "/", "http://embedded");
    if (url.pathname === "/ping") {
      answer.begin("TabSeparated", {});
      await answer.write(Buffer.from("Ok.\n"));
      answer.end();
      return;
    }
    authenticate(request, url, options.credentials);
    if (url.pathname !== "/") throw notServed(`the path ${url.pathname}`);
    if (request.method !== "GET" && request.method !== "POST")
      throw notServed(`the method ${request.method}`);
    const call = readCall(request, url);
    answer.describe(call);
    const isSqlInBody = call.urlQuery === undefined && request.method === "POST";
    const sql = isSqlInBody ? await readTextBody(request) : (call.urlQuery ?? "");
    const statement = parseStatement(sql);
    if (running.has(call.queryId)) {
      throw new ClickHouseFault(
        216,
        "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
        `Query with id = ${call.queryId} is already running`,
      );
    }
    running.set(call.queryId, gone);
    try {
      await dispatch(
        statement,
        call,
        isSqlInBody ? undefined : request,
        request,
        answer,
        gone.signal,
      );
    } finally {
      running.delete(call.queryId);
    }
  }

  async function dispatch(
    statement: Statement,
    call: HttpCall,
    body: IncomingMessage | undefined,
    request: IncomingMessage,
    answer: Answer,
    signal: AbortSignal,
  ): Promise<void> {
    switch (statement.kind) {
      case "insert":
      case "insert_input":
        return insert(statement, call, body, request, answer, signal);
      case "kill":
        running.get(statement.queryId)?.abort();
        answer.begin(call.defaultFormat, {});
        answer.end();
        return;
      case "select":
      case "other": {
        const context = contextOf(call, signal);
        const format = statement.format ?? call.defaultFormat;
        const sql = `${statement.sql}\n/*${context.tag}*/`;
        if (statement.kind === "other" || !streamedFormats.test(format))
          return buffer(sql, format, context, answer);
        if (call.isFileWanted && (await spool(statement, format, context, answer))) return;
        return stream(sql, format, context, answer);
      }
    }
  }

  async function stream(
    sql: string,
    format: string,
    context: RunContext,
    answer: Answer,
  ): Promise<void> {
    const startedAt = performance.now();
    let hasBegun = false;
    for await (const chunk of engine.stream(sql, format, context)) {
      if (!hasBegun) answer.begin(format, { elapsedNs: sinceNs(startedAt) });
      hasBegun = true;
      await answer.write(chunk);
    }
    if (!hasBegun) answer.begin(format, { elapsedNs: sinceNs(startedAt) });
    answer.end();
  }

  /** Puts the answer into a file, of which the client is only told: to hand it over takes the engine as long as to find it. Answers false where
   *  that cannot be. */
  async function spool(
    { sql, formatAt }: Extract<Statement, { kind: "select" }>,
    format: string,
    context: RunContext,
    answer: Answer,
  ): Promise<boolean> {
    const startedAt = performance.now();
    const name = `${context.tag}.answer`;
    const path = join(options.spoolDir, name);
    const settings = new Map(context.settings);
    if (!settings.has("max_result_bytes"))
      settings.set("max_result_bytes", String(options.answerBytesMax));
    const formatSql = sql.slice(formatAt) || `FORMAT ${format}`;
    try {
      await engine.run(
        `${sql.slice(0, formatAt)}\nINTO OUTFILE ${quote(name)} ${formatSql}\n/*${context.tag}*/`,
        "Null",
        { ...context, settings },
      );
    } catch (error) {
      await rm(path, { force: true });
      if (error instanceof ClickHouseFault && noFileCodes.has(error.code)) return false;
      throw error;
    }
    setTimeout(() => void rm(path, { force: true }), answerMsMax).unref();
    answer.beginFile(format, path, { elapsedNs: sinceNs(startedAt) });
    answer.end();
    return true;
  }

  async function buffer(
    sql: string,
    format: string,
    context: RunContext,
    answer: Answer,
  ): Promise<void> {
    const startedAt = performance.now();
    const settings = new Map(context.settings);
    if (!settings.has("max_result_bytes"))
      settings.set("max_result_bytes", String(bufferedResultBytesMax));
    const result = await engine.run(sql, format, { ...context, settings });
    answer.begin(format, {
      readRows: result.rowsRead,
      readBytes: result.bytesRead,
      resultBytes: result.bytes.length,
      elapsedNs: sinceNs(startedAt),
    });
    if (result.bytes.length > 0) await answer.write(result.bytes);
    answer.end();
  }

  /** The data goes to a file that the engine reads as an INSERT: twice as fast as handing it over, and the only way for
   *  binary formats. Defaults, materialised columns and deduplication tokens work as they do on a server. */
  async function insert(
    statement: InsertStatement,
    call: HttpCall,
    body: IncomingMessage | undefined,
    request: IncomingMessage,
    answer: Answer,
    signal: AbortSignal,
  ): Promise<void> {
    const startedAt = performance.now();
    const context = contextOf(call, signal);
    const name = `${context.tag}.data`;
    const path = join(options.spoolDir, name);
    try {
      const inlineData = statement.kind === "insert" ? statement.inlineData : "";
      const size = await spoolBody(path, inlineData, body, request, options.insertBytesMax);
      const result = await engine.run(insertSql(statement, name), "Null", context);
      answer.begin(statement.format, {
        readRows: result.rowsRead,
        readBytes: size,
        writtenRows: result.rowsRead,
        writtenBytes: size,
        resultRows: result.rowsRead,
        resultBytes: size,
        elapsedNs: sinceNs(startedAt),
      });
      answer.end();
    } finally {
      await rm(path, { force: true });
    }
  }

  return async (request, response) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const answer = new Answer(response, engine.version);
    try {
      await handle(request, answer, gone);
    } catch (error) {
      request.resume();
      answer.fail(toFault(error));
    }
  };
}

/** The engine's working directory is the spool, so the bare name is enough, and no character of the path can be a pattern. */
function insertSql(statement: InsertStatement, name: string): string {
  if (statement.kind === "insert") {
    return `${statement.head} FROM INFILE ${quote(name)} ${statement.tail} FORMAT ${statement.format}`;
  }
  return `${statement.before} file(${quote(name)}, ${quote(statement.format)}, ${statement.structure}) ${statement.after}`;
}

function contextOf(call: HttpCall, signal: AbortSignal): RunContext {
  return {
    database: call.database,
    settings: call.settings,
    params: call.params,
    tag: `plumbline-${randomUUID()}`,
    signal,
  };
}

function sinceNs(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1e6);
}
