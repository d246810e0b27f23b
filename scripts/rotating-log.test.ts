import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRotatingLog } from "./rotating-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plumbline-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a log never holds more than its bound, and the newest lines are in it", () => {
  const write = openRotatingLog(folder, "web");
  for (let index = 0; index < 14; index++) write(Buffer.from(`${index}`.padEnd(1024 * 1024, ".")));
  expect(statSync(join(folder, "web.log")).size).toBeLessThanOrEqual(5 * 1024 * 1024);
  expect(statSync(join(folder, "web.log.1")).size).toBeLessThanOrEqual(5 * 1024 * 1024);
  expect(readFileSync(join(folder, "web.log"), "utf8")).toContain("13");
});

test("a log that is opened again goes on where it was", () => {
  openRotatingLog(folder, "web")(Buffer.from("one\n"));
  openRotatingLog(folder, "web")(Buffer.from("two\n"));
  expect(readFileSync(join(folder, "web.log"), "utf8")).toBe("one\ntwo\n");
});
