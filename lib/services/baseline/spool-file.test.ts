import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { removeAbandonedUploads } from "./spool-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spool-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("what a process left behind when it died goes after a day, and nothing else does", async () => {
  const now = new Date("2026-11-20T12:00:00Z");
  const made = [
    { name: "plumbline-upload-old", hours: 25 },
    { name: "plumbline-upload-new", hours: 23 },
    { name: "of-somebody-else", hours: 48 },
  ];
  for (const { name, hours } of made) {
    const path = join(folder, name);
    await mkdir(path);
    const at = new Date(now.getTime() - hours * 3_600_000);
    await utimes(path, at, at);
  }
  await removeAbandonedUploads(folder, now);
  expect((await readdir(folder)).sort()).toEqual(["of-somebody-else", "plumbline-upload-new"]);
});
