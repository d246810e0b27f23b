import { expect, test } from "vitest";
import { uuid7 } from "./uuid7.ts";

test("ids are version 7, unique, and carry their time", () => {
  const nowMs = Date.parse("2026-11-21T03:22:00.123Z");
  const ids = Array.from({ length: 2_000 }, () => uuid7(nowMs));
  expect(new Set(ids).size).toBe(2_000);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(nowMs);
  }
  expect(new Set(ids.map((id) => id[19])).size).toBe(4);
});
