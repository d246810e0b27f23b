import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { parseArgs, promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Server } from "./api-client.ts";
import { callServer } from "./api-client.ts";
import type { LineDefaults, LineKind } from "./complete-line.ts";
import { completeLine } from "./complete-line.ts";
import { Failure } from "./failure.ts";
import type { LineBatch } from "./line-batches.ts";
import { readBatches } from "./line-batches.ts";
import { parseObject, toFailure } from "./problem.ts";
import { formatCount, startProgress } from "./progress.ts";
import { resolveServer, serverOptions } from "./server-options.ts";
import type { Terminal } from "./terminal.ts";

/** What is read of a long list of rejections before it is only counted. */
const rejectionsShownMax = 20;

/** Together some two minutes of pauses: long enough for a server to be started again. */
const attemptsMax = 9;

const compress = promisify(gzip);

interface Tally {
  accepted: number;
  rejected: number;
  lastLine: number;
}

interface Source {
  input: NodeJS.ReadableStream;
  size: number | null;
  bytesRead: () => number;
}

export async function logFile(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...serverOptions,
      labels: { type: "boolean" },
      features: { type: "boolean" },
      model: { type: "string" },
      version: { type: "string" },
      environment: { type: "string" },
      "from-line": { type: "string" },
    },
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new Failure(2, "log takes one file");
  const fromLine = Number(values["from-line"] ?? 1);
  if (!Number.isInteger(fromLine) || fromLine < 1)
    throw new Failure(2, "--from-line takes a line's number, from 1");
  if (values.labels === true && values.features === true)
    throw new Failure(2, "the lines are either --labels or --features");
  const other = values.labels === true ? "labels" : "features";
  const kind = values.labels === true || values.features === true ? other : "predictions";
  const run = new LogRun(resolveServer(values, terminal), values, kind, terminal);
  const source = await openSource(file, terminal);
  await run.sendAll(source, fromLine);
  return run.tally.rejected > 0 ? 1 : 0;
}

class LogRun {
  readonly tally: Tally = { accepted: 0, rejected: 0, lastLine: 0 };
  readonly #server: Server;
  readonly #defaults: LineDefaults;
  readonly #kind: LineKind;
  readonly #terminal: Terminal;

  constructor(server: Server, defaults: LineDefaults, kind: LineKind, terminal: Terminal) {
    this.#server = server;
    this.#defaults = defaults;
    this.#kind = kind;
    this.#terminal = terminal;
  }

  async sendAll(source: Source, fromLine: number): Promise<void> {
    const progress = startProgress(this.#terminal, this.#kind);
    try {
      for await (const batch of readBatches(source.input, fromLine)) {
        await this.#send(this.#complete(batch));
        this.tally.lastLine = batch.numbers.at(-1) ?? this.tally.lastLine;
        progress.update(
          source.bytesRead(),
          source.size,
          `${formatCount(this.tally.accepted)} accepted`,
        );
      }
    } catch (error) {
      progress.end(this.#summary());
      if (!(error instanceof Failure)) throw error;
      const resume = `Lines up to ${this.tally.lastLine} were answered; --from-line ${this.tally.lastLine + 1} goes on.`;
      throw new Failure(error.exitCode, `${error.message}\n  ${resume}`);
    }
    progress.end(this.#summary());
  }

  #summary(): string {
    const { accepted, rejected } = this.tally;
    const hidden = Math.max(0, rejected - rejectionsShownMax);
    const more = hidden > 0 ? ` (${formatCount(hidden)} of them not shown)` : "";
    return `${formatCount(accepted)} accepted, ${formatCount(rejected)} rejected${more}`;
  }

  #complete(batch: LineBatch): LineBatch {
    const completed: LineBatch = { numbers: [], lines: [] };
    batch.lines.forEach((line, index) => {
      const number = batch.numbers[index] ?? 0;
      const full = completeLine(line, this.#defaults, this.#kind, Date.now());
      if (full === null) {
        this.#reject(`line ${number}: invalid_json: not a JSON object`);
        return;
      }
      completed.numbers.push(number);
      completed.lines.push(full);
    });
    return completed;
  }

  async #send(batch: LineBatch): Promise<void> {
    if (batch.lines.length === 0) return;
    const reply = await callServer(
      this.#server,
      {
        method: "POST",
        attemptsMax,
        path: `/v1/${this.#kind}`,
        headers: { "content-type": "application/x-ndjson", "content-encoding": "gzip" },
        body: await compress(batch.lines.join("\n"), { level: 1 }),
      },
      (reason) => this.#terminal.err(`\n${reason}; trying again\n`),
    );
    if (reply.status === 413 && batch.lines.length > 1) {
      const half = Math.floor(batch.lines.length / 2);
      await this.#send({
        numbers: batch.numbers.slice(0, half),
        lines: batch.lines.slice(0, half),
      });
      await this.#send({ numbers: batch.numbers.slice(half), lines: batch.lines.slice(half) });
      return;
    }
    const { rejected } = parseObject(reply.text);
    const isVerdict = reply.status === 202 || reply.status === 422;
    if (!isVerdict || !Array.isArray(rejected)) {
      const first = batch.numbers[0];
      throw toFailure(reply, `lines ${first} to ${batch.numbers.at(-1)} were not taken`);
    }
    this.tally.accepted += batch.lines.length - rejected.length;
    for (const item of rejected) this.#reject(describeRejection(item, batch.numbers));
  }

  #reject(words: string): void {
    this.tally.rejected += 1;
    if (this.tally.rejected <= rejectionsShownMax) this.#terminal.out(`${words}\n`);
  }
}

function describeRejection(item: unknown, numbers: number[]): string {
  const verdict =
    typeof item === "object" && item !== null ? (item as Record<string, unknown>) : {};
  const { index, prediction_id: id, code, path, message } = verdict;
  const number = typeof index === "number" ? numbers[index] : undefined;
  const row = id === undefined ? "" : ` (${String(id)})`;
  const where = path ? ` at ${String(path)}` : "";
  return `line ${number ?? "?"}${row}: ${String(code)}${where}: ${String(message)}`;
}

async function openSource(file: string, terminal: Terminal): Promise<Source> {
  if (file === "-") return { input: terminal.stdin, size: null, bytesRead: () => 0 };
  const { size } = await stat(file);
  let read = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      done(null, chunk);
    },
  });
  const source = createReadStream(file);
  source.on("error", (error) => counted.destroy(error));
  return { input: source.pipe(counted), size, bytesRead: () => read };
}
