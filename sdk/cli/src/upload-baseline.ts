import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Server } from "./api-client.ts";
import { callServer, expectStatus } from "./api-client.ts";
import { contentTypes, formatOf, toQuery } from "./baseline-query.ts";
import { Failure } from "./failure.ts";
import { toFailure } from "./problem.ts";
import type { Progress } from "./progress.ts";
import { formatBytes, formatCount, startProgress } from "./progress.ts";
import { resolveServer, serverOptions } from "./server-options.ts";
import type { Terminal } from "./terminal.ts";

const pollFirstMs = 250;
const pollMsMax = 2_000;
const tickMs = 1_000;

/** The server says nothing while it reads the columns of a file and stores its rows, which takes minutes of a wide one. It gives a step up
 *  after half an hour by itself, and says so. */
export const storingIdleMs = 62 * 60_000;

const text = { type: "string" } as const;
const options = {
  ...serverOptions,
  model: text,
  version: text,
  name: text,
  format: text,
  label: text,
  prediction: text,
  score: text,
  timestamp: text,
  id: text,
  tags: text,
  ignore: text,
  features: text,
  type: { type: "string", multiple: true },
  detach: { type: "boolean" },
} as const;

export async function uploadBaseline(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new Failure(2, "baseline upload takes one file");
  const format = formatOf(file, values.format);
  const query = toQuery(values, format);
  const server = resolveServer(values, terminal);
  const { size } = await stat(file);
  if (size === 0) throw new Failure(2, `${file} is empty`);
  await checkKey(server);

  const upload = startProgress(terminal, "upload");
  let storing: Waiting | null = null;
  const reply = await callServer(server, {
    method: "POST",
    path: `/v1/baselines?${query}`,
    headers: { "content-type": contentTypes[format] ?? "", "content-length": size },
    stream: readFile(file, size, upload),
    answerTimeoutMs: storingIdleMs,
    onSent() {
      upload.end(`${formatBytes(size)} sent`);
      storing = startWaiting(terminal, "store");
    },
  }).finally(() => storing?.stop());
  const { baseline_id: id } = expectStatus(reply, 202, `${file} was not taken`);
  if (typeof id !== "string") throw new Failure(1, "the server named no baseline");
  if (!values.detach) await awaitProfile(server, id, terminal);
  terminal.out(`${id}\n`);
  return 0;
}

/** Before gigabytes are sent for nothing. */
async function checkKey(server: Server): Promise<void> {
  const reply = await callServer(server, { method: "GET", path: "/v1/whoami" });
  if (reply.status === 401 || reply.status === 403) throw toFailure(reply, "the key was refused");
}

function readFile(file: string, size: number, progress: Progress): Transform {
  let sent = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      progress.update(sent, size, `${formatBytes(sent)} of ${formatBytes(size)}`);
      done(null, chunk);
    },
  });
  const source = createReadStream(file, { highWaterMark: 256 * 1024 });
  source.on("error", (error) => counted.destroy(error));
  counted.on("close", () => source.destroy());
  return source.pipe(counted);
}

interface Waiting {
  stop(): void;
}

/** Shows the seconds of what says nothing by itself. */
function startWaiting(terminal: Terminal, label: string): Waiting {
  const progress = startProgress(terminal, label);
  const startedMs = performance.now();
  const seconds = () => `${((performance.now() - startedMs) / 1_000).toFixed(0)} s`;
  const timer = setInterval(() => progress.update(0, null, seconds()), tickMs);
  return {
    stop() {
      clearInterval(timer);
      progress.end(seconds());
    },
  };
}

async function awaitProfile(server: Server, id: string, terminal: Terminal): Promise<void> {
  const progress = startProgress(terminal, "profile");
  for (let delayMs = pollFirstMs; ; delayMs = Math.min(pollMsMax, delayMs * 1.5)) {
    const reply = await callServer(server, { method: "GET", path: `/v1/baselines/${id}` });
    const {
      state,
      row_count: rows,
      error,
      is_active: isActive,
    } = expectStatus(reply, 200, "profile");
    const count = formatCount(Number(rows ?? 0));
    switch (state) {
      case "ready":
        progress.end(`ready: ${count} rows${isActive === true ? ", now in use" : ""}`);
        return;
      case "failed":
        progress.end("failed");
        throw new Failure(1, describeError(error));
      case "uploading":
      case "profiling":
        progress.update(0, null, `${state}, ${count} rows`);
        break;
      default:
        throw new Failure(
          1,
          `the server is in a state that this version does not know: ${String(state)}`,
        );
    }
    await sleep(delayMs);
  }
}

function describeError(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error ?? "no reason was given");
  return toFailure({ status: 422, retryAfter: undefined, text: JSON.stringify(error) }, "baseline")
    .message;
}
