import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { gzipSync, zstdCompressSync } from "node:zlib";
import {
  findIdDigits,
  numberedId,
  renumber,
  sampleRow,
  seededRandom,
  wireJson,
} from "./prediction-rows.ts";

/** The load generator, a process of its own: one order a line on stdin, one answer a line on stdout. */
export interface LoadOrder {
  url: string;
  key: string;
  model: string;
  type: "json" | "ndjson";
  encoding: "identity" | "gzip" | "zstd";
  rowsPerBody: number;
  bodies: number;
  distinctBodies: number;
  connections: number;
  firstId: number;
  newestMs: number;
  /** 0: as fast as it is answered. */
  rowsPerSecond: number;
}

export interface LoadAnswer {
  rows: number;
  seconds: number;
  latenciesMs: number[];
  statuses: Record<string, number>;
  cpuSeconds: number;
  bodyBytes: number;
}

interface Prepared {
  body: Buffer;
  digits: number[];
}

function prepare(order: LoadOrder): Prepared[] {
  const random = seededRandom(7);
  return Array.from({ length: order.distinctBodies }, (_, b) => {
    const rows = Array.from({ length: order.rowsPerBody }, (_, i) => {
      const timestampMs = order.newestMs - Math.floor(random() * 600_000);
      return wireJson(
        sampleRow(random, numberedId(b * order.rowsPerBody + i), timestampMs),
        order.model,
      );
    });
    const body = Buffer.from(order.type === "json" ? `[${rows.join(",")}]` : rows.join("\n"));
    return { body, digits: findIdDigits(body) };
  });
}

function compress(body: Buffer, encoding: LoadOrder["encoding"]): Buffer {
  if (encoding === "gzip") return gzipSync(body, { level: 1 });
  return encoding === "zstd" ? zstdCompressSync(body) : body;
}

async function send(order: LoadOrder, agent: Agent, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${order.url}/v1/predictions`,
      {
        method: "POST",
        agent,
        headers: {
          authorization: `Bearer ${order.key}`,
          "content-type": order.type === "json" ? "application/json" : "application/x-ndjson",
          "content-length": body.length,
          ...(order.encoding === "identity" ? {} : { "content-encoding": order.encoding }),
        },
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", reject);
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

async function load(order: LoadOrder): Promise<LoadAnswer> {
  const prepared = prepare(order);
  // Compressed bodies can't be renumbered in place: as many as are sent are prepared, in order that no id comes twice.
  const packed = order.encoding === "identity" ? null : packAll(order, prepared);
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections });
  const latenciesMs: number[] = [];
  const statuses: Record<string, number> = {};
  let bodyBytes = 0;
  let next = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const pool = prepared.map((entry) => ({ ...entry, isBusy: false }));

  async function one(index: number, dueMs: number): Promise<void> {
    const entry = pool[index % pool.length];
    if (entry === undefined) return;
    let body = packed?.[index] ?? entry.body;
    if (packed === null) {
      if (entry.isBusy) body = Buffer.from(entry.body);
      renumber(body, entry.digits, order.firstId + index * order.rowsPerBody);
      entry.isBusy = true;
    }
    bodyBytes += body.length;
    const status = await send(order, agent, body);
    entry.isBusy = false;
    latenciesMs.push(performance.now() - dueMs);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }

  if (order.rowsPerSecond === 0) {
    const lanes = Array.from({ length: order.connections }, async () => {
      while (next < order.bodies) await one(next++, performance.now());
    });
    await Promise.all(lanes);
  } else {
    const everyMs = (1000 * order.rowsPerBody) / order.rowsPerSecond;
    const sent: Promise<void>[] = [];
    for (let index = 0; index < order.bodies; index++) {
      const dueMs = startedAt + index * everyMs;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      // Measured from when it was due: a start that was held up is not hidden, as it is not from a client.
      sent.push(one(index, dueMs));
    }
    await Promise.all(sent);
  }
  const cpu = process.cpuUsage(cpuBefore);
  agent.destroy();
  return {
    rows: order.bodies * order.rowsPerBody,
    seconds: (performance.now() - startedAt) / 1000,
    latenciesMs,
    statuses,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    bodyBytes,
  };
}

function packAll(order: LoadOrder, prepared: readonly Prepared[]): Buffer[] {
  return Array.from({ length: order.bodies }, (_, index) => {
    const entry = prepared[index % prepared.length];
    if (entry === undefined) return Buffer.alloc(0);
    renumber(entry.body, entry.digits, order.firstId + index * order.rowsPerBody);
    return compress(entry.body, order.encoding);
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await load(JSON.parse(line) as LoadOrder);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
