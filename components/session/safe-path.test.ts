import { expect, test } from "vitest";
import { safePath } from "./safe-path.ts";

test.each([
  [null, "/"],
  ["/w/demo?range=7d", "/w/demo?range=7d"],
  ["https://elsewhere.example/w/demo", "/"],
  ["//elsewhere.example", "/"],
  ["/\\elsewhere.example", "/"],
  ["javascript:alert(1)", "/"],
  ["http://[", "/"],
])("%s leads to %s: signing in never leaves the site", (target, path) =>
  expect(safePath(target)).toBe(path),
);
