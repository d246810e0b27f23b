import { mkdtempSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { encodeRecord } from "./record.ts";
import { encodeBodies, recoverBodies } from "./recover-bodies.ts";
import type { LoggedBody } from "./repeated-bodies.ts";
import { repeatWindowMs } from "./repeated-bodies.ts";
import { frameKinds } from "./wal-frame.ts";
import { WriteAheadLog } from "./write-ahead-log.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const body = (digest: string, receivedAtMs = 1): LoggedBody => ({
  digest,
  receivedAtMs,
  acceptedCount: 3,
});

/** A log as a process leaves it that is killed: `known` is what it knew whenever a segment began. */
async function openLog(folder: string, known: LoggedBody[] = []) {
  const wal = await WriteAheadLog.open({
    folder,
    bytesMax: 1024 * 1024,
    segmentBytes: 400,
    preamble: () => encodeBodies(known),
  });
  const append = (logged: LoggedBody | null, answered: string[] = []) => {
    const header = {
      workspaceId: "00000000-0000-4000-8000-000000000000",
      receivedAtMs: logged?.receivedAtMs ?? 1,
      sequenceMs: 1,
      models: [],
      groups: [],
      rowCount: 0,
      body: logged,
      answered,
    };
    const record = { header, index: new Uint32Array(), rows: Buffer.alloc(0) };
    return wal.append(frameKinds.rows, encodeRecord(record), true);
  };
  return { wal, append };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-bodies-"));
  folders.push(folder);
  return folder;
}

async function recovered(folder: string): Promise<LoggedBody[]> {
  const { wal } = await openLog(folder);
  const found = await recoverBodies(wal);
  await wal.close();
  return found;
}

test("after a crash the bodies are known whose answers may not have left", async () => {
  const folder = newFolder();
  const { wal, append } = await openLog(folder);
  await append(body("answered"));
  await append(null, ["answered"]);
  await append(body("again"));
  await append(body("again"), ["again"]);
  await wal.close();
  expect(await recovered(folder)).toEqual([body("again")]);
});

test("what was known survives the segments that it was logged in", async () => {
  const folder = newFolder();
  const known: LoggedBody[] = [];
  const { wal, append } = await openLog(folder, known);
  for (let i = 0; i < 5; i++) {
    await append(body(`${i}`));
    known.push(body(`${i}`));
  }
  await wal.releaseBefore(wal.currentSegment);
  expect(await readdir(folder)).toHaveLength(2);
  await wal.close();
  expect(await recovered(folder)).toEqual(known);
});

test("what was known survives starts after which nothing was logged", async () => {
  const folder = newFolder();
  const first = await openLog(folder);
  await first.append(body("a"));
  await first.wal.close();
  for (let start = 0; start < 3; start++) {
    const { wal } = await openLog(folder);
    await wal.releaseBefore(wal.currentSegment);
    await wal.close();
  }
  expect(await recovered(folder)).toEqual([body("a")]);
});

test("bodies older than the window before the newest are not known", async () => {
  const folder = newFolder();
  const { wal, append } = await openLog(folder, [body("old", 1), body("young", 2)]);
  await append(body("newest", 1 + repeatWindowMs));
  await wal.close();
  expect((await recovered(folder)).map(({ digest }) => digest)).toEqual(["young", "newest"]);
});
