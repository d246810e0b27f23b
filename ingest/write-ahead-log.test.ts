import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { appendFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { encodeFrame, frameKinds, readFrames } from "./wal-frame.ts";
import { segmentPath, syncedPath } from "./wal-segment.ts";
import type { WalOptions } from "./write-ahead-log.ts";
import { WriteAheadLog } from "./write-ahead-log.ts";

const folders: string[] = [];
const open = new Set<WriteAheadLog>();

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-wal-"));
  folders.push(folder);
  return folder;
}

async function openLog(
  overrides: Partial<WalOptions> & { folder: string },
): Promise<WriteAheadLog> {
  const wal = await WriteAheadLog.open({ bytesMax: 1024 * 1024, ...overrides });
  open.add(wal);
  return wal;
}

async function close(wal: WriteAheadLog): Promise<void> {
  open.delete(wal);
  await wal.close();
}

afterEach(async () => {
  for (const wal of open) await wal.close();
  open.clear();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const append = (wal: WriteAheadLog, text: string) =>
  wal.append(frameKinds.rows, [Buffer.from(text)], true);

async function textsOf(wal: WriteAheadLog): Promise<string[]> {
  const found: string[] = [];
  for (const { segment, bytes } of wal.recovered) {
    const data = await wal.read({ segment, from: 0, until: bytes });
    for (const frame of readFrames(data, 0)) found.push(frame.body.toString());
  }
  return found;
}

test("what was appended is found again, in order, by the next process", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder });
  await Promise.all(["a", "b", "c"].map((text) => append(wal, text)));
  await append(wal, "d");
  await close(wal);
  expect(await textsOf(await openLog({ folder }))).toEqual(["a", "b", "c", "d"]);
});

test("a torn tail is cut off; whole frames before it are kept", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder });
  await append(wal, "whole");
  const torn = await append(wal, "torn apart");
  await close(wal);
  truncateSync(segmentPath(folder, torn.segment), torn.until - 3);
  const next = await openLog({ folder });
  expect(await textsOf(next)).toEqual(["whole"]);
  expect(next.recovered[0]?.tornBytes).toBe(torn.until - 3 - torn.from);
  await close(next);
  expect((await openLog({ folder })).recovered[0]?.tornBytes).toBe(0);
});

test("a frame whose checksum is wrong ends the segment, and in an older one the rest is set aside", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder, segmentBytes: 1 });
  const first = await append(wal, "damaged");
  await append(wal, "in the next segment");
  await close(wal);
  const path = segmentPath(folder, first.segment);
  const data = readFileSync(path);
  data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
  writeFileSync(path, data);
  expect(await textsOf(await openLog({ folder }))).toEqual(["in the next segment"]);
  expect(await readdir(folder)).toContain("000000000001.wal.damaged");
});

test("zeros after the end, as a power cut may leave them, are not frames", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder });
  const { segment } = await append(wal, "kept");
  await close(wal);
  await appendFile(segmentPath(folder, segment), Buffer.alloc(4096));
  expect(await textsOf(await openLog({ folder }))).toEqual(["kept"]);
});

test("what a sync had not reached when it was thrown away was never acknowledged", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder, recordSynced: true });
  const { segment, until } = await append(wal, "acknowledged");
  const synced = Number(readFileSync(syncedPath(folder, segment), "utf8"));
  expect(synced).toBe(until);
  await close(wal);
  await appendFile(segmentPath(folder, segment), "written, not synced");
  truncateSync(segmentPath(folder, segment), synced);
  expect(await textsOf(await openLog({ folder }))).toEqual(["acknowledged"]);
});

test("what a killed process had written without a sync is synced before it is used", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder, recordSynced: true });
  const { segment, until } = await append(wal, "acknowledged");
  await close(wal);
  const { buffers, bytes } = encodeFrame(frameKinds.rows, [Buffer.from("written")]);
  await appendFile(segmentPath(folder, segment), Buffer.concat(buffers));
  expect(await textsOf(await openLog({ folder }))).toEqual(["acknowledged", "written"]);
  expect(Number(readFileSync(syncedPath(folder, segment), "utf8"))).toBe(until + bytes);
});

test("past its bound the log refuses, and takes again once segments are released", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder, bytesMax: 4096, segmentBytes: 1024 });
  const frame = "x".repeat(1000);
  const appended = [];
  for (let i = 0; i < 4; i++) appended.push(await append(wal, frame));
  await expect(append(wal, frame)).rejects.toMatchObject({
    code: "unavailable",
    retryAfterSeconds: 5,
  });
  // A seal is taken all the same: it is what makes room.
  await wal.append(frameKinds.seal, [Buffer.from("{}")], false);
  await wal.releaseBefore(appended[3]?.segment ?? 0);
  await expect(append(wal, frame)).resolves.toMatchObject({ from: expect.any(Number) });
});

test("one process a folder: a second is refused, and a dead one's lock is taken over", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder });
  await expect(WriteAheadLog.open({ folder, bytesMax: 1 })).rejects.toThrow(/already running/);
  await close(wal);
  writeFileSync(join(folder, "lock.json"), JSON.stringify({ pid: 2 ** 22 + 1, startMark: "1" }));
  await expect(openLog({ folder })).resolves.toBeDefined();
});

test("a process id that was used again does not hold a dead process's lock", async () => {
  const folder = newFolder();
  writeFileSync(
    join(folder, "lock.json"),
    JSON.stringify({ pid: process.ppid, startMark: "long ago" }),
  );
  await expect(openLog({ folder })).resolves.toBeDefined();
});

test("appends that fail to reach the disk are refused, and do not come back", async () => {
  const folder = newFolder();
  const wal = await openLog({ folder, segmentBytes: 1 });
  await append(wal, "before");
  // The next segment's name is taken by a folder: the disk refuses.
  await rm(folder, { recursive: true, force: true });
  await expect(append(wal, "lost")).rejects.toMatchObject({ code: "unavailable" });
});
