import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBrowser } from "./find-browser.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "plumbline-browser-"));
  for (const name of ["chromium-browser", "google-chrome"]) writeFileSync(join(folder, name), "");
  chmodSync(join(folder, "google-chrome"), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a browser that is named is taken, and one that is named wrongly is said to be", () => {
  const named = join(folder, "google-chrome");
  expect(findBrowser({ PLUMBLINE_BROWSER: named })).toEqual({
    executablePath: named,
    origin: "named",
  });
  expect(() => findBrowser({ PLUMBLINE_BROWSER: join(folder, "chromium-browser") })).toThrow(
    "is not a program",
  );
});

test("a file that cannot be run is passed over", () => {
  const found = findBrowser({ PATH: folder });
  if (found?.origin !== "playwright")
    expect(found?.executablePath).toBe(join(folder, "google-chrome"));
});
