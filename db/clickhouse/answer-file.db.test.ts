import { mkdtempSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { EmbeddedClickHouse } from "../embedded/start-clickhouse.ts";
import { startClickHouse } from "../embedded/start-clickhouse.ts";
import { answerPath, wantsFile } from "./answer-file.ts";
import type { ClickHouseClient } from "./client.ts";
import { createClickHouse } from "./client.ts";
import { defineColumnScan, scopeClickHouse } from "./define-query.ts";

let dataDir: string;
let engine: EmbeddedClickHouse;
let client: ClickHouseClient;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-answers-"));
  engine = await startClickHouse({ dataDir, answerBytesMax: 1_000_000 });
  client = createClickHouse({
    url: engine.url.replace(/plumbline$/, "default"),
    application: "answer-file-test",
  });
});
afterAll(async () => {
  await client.close();
  await engine.stop();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});
afterEach(() => vi.restoreAllMocks());

const scan = defineColumnScan({
  name: "scanOfColumns",
  params: z.object({ count: z.int(), failsAt: z.int().default(-1), bytes: z.int().default(0) }),
  columns: () => ({ n: "UInt32", names: "LowCardinality(String)" }) as const,
  blockRows: () => 1_000,
  answerBytes: ({ bytes }) => bytes,
  timeoutMs: 10_000,
  sql: () => `
    SELECT toUInt32(number) AS n, toLowCardinality(concat('ä', toString(n % 7))) AS names
    FROM numbers({count: UInt64})
    WHERE throwIf(number = {failsAt: Int64}, 'planted') = 0`,
});

const spool = () => readdir(join(dataDir, "spool"));

/** What was read, and of every answer whether it was in a file. */
async function read(params: z.input<typeof scan.params>) {
  const exec = vi.spyOn(client, "exec");
  const numbers: number[] = [];
  const names: string[] = [];
  const workspaceId = "00000000-0000-4000-8000-000000000001";
  for await (const block of scopeClickHouse(client, workspaceId).scanColumns(scan, params)) {
    numbers.push(...block.n);
    for (const place of block.names.places) names.push(block.names.names[place] ?? "");
  }
  const answers = await Promise.all(exec.mock.results.map(({ value }) => value));
  return {
    numbers,
    names,
    wereFiles: answers.map(({ response_headers }) => answerPath(response_headers) !== null),
  };
}

const expectWhole = ({ numbers, names }: Awaited<ReturnType<typeof read>>, count: number) => {
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
  expect(names).toEqual(numbers.map((n) => `ä${n % 7}`));
};

describe("an answer that the store puts into a file", () => {
  test("is whole, block by block, and leaves no file", async () => {
    const found = await read({ count: 50_000 });
    expectWhole(found, 50_000);
    expect(found.wereFiles).toEqual([true]);
    expect(await spool()).toEqual([]);
  });

  test("of nothing is nothing", async () => {
    const found = await read({ count: 0 });
    expectWhole(found, 0);
    expect(found.wereFiles).toEqual([true]);
    expect(await spool()).toEqual([]);
  });

  test("that fails is an error, and leaves no file", async () => {
    await expect(read({ count: 50_000, failsAt: 40_000 })).rejects.toThrow("planted");
    expect(await spool()).toEqual([]);
  });

  test("is no error where it cannot be opened: it is asked for again, and sent", async () => {
    const exec = client.exec.bind(client);
    vi.spyOn(client, "exec").mockImplementationOnce(async (asked) => {
      const answer = await exec(asked);
      await rm(answerPath(answer.response_headers) ?? "");
      return answer;
    });
    const found = await read({ count: 50_000 });
    expectWhole(found, 50_000);
    expect(found.wereFiles).toEqual([true, false]);
  });
});

describe("an answer is sent", () => {
  test("that is too much for a file, and leaves none", async () => {
    const found = await read({ count: 500_000 });
    expectWhole(found, 500_000);
    expect(found.wereFiles).toEqual([false]);
    expect(await spool()).toEqual([]);
  });

  test("that is said to be too much", async () => {
    const found = await read({ count: 50_000, bytes: 10 ** 9 });
    expectWhole(found, 50_000);
    expect(found.wereFiles).toEqual([false]);
  });
});

test("a statement says its format itself, with settings behind it, or not at all", async () => {
  for (const query of [
    "SELECT 1 AS a FORMAT TabSeparated",
    "SELECT 1 AS a FORMAT TabSeparated SETTINGS max_threads = 1",
    "SELECT 1 AS a SETTINGS max_threads = 1",
    "SELECT 1 AS a -- as a number",
  ]) {
    const answer = await client.exec({ query, http_headers: wantsFile });
    answer.stream.resume();
    const path = answerPath(answer.response_headers) ?? "";
    const file = await readFile(path, "utf8");
    expect(file).toBe("1\n");
    await rm(path);
  }
});

test.each([
  "/etc/passwd",
  "spool/plumbline-00000000-0000-4000-8000-000000000001.answer",
  "/spool/../plumbline-00000000-0000-4000-8000-000000000001.answer",
  "/tmp/plumbline-00000000-0000-4000-8000-000000000001.answer",
  "/spool/plumbline-00000000-0000-4000-8000-000000000001.answer/../../x",
])("a store cannot have %s read", (path) => {
  expect(() => answerPath({ "x-plumbline-answer-file": encodeURIComponent(path) })).toThrow(
    "none of its answers",
  );
});

test("where no file can be made, an answer is sent", async () => {
  await rm(join(dataDir, "spool"), { recursive: true });
  const found = await read({ count: 50_000 });
  expectWhole(found, 50_000);
  expect(found.wereFiles).toEqual([false]);
});
