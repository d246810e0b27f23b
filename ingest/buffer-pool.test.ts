import { expect, test } from "vitest";
import { BufferPool } from "./buffer-pool.ts";

const limits = { bytesMax: 64 * 1024, countMax: 2 };

test("what was given back is lent again, cut to the length that is asked for", () => {
  const pool = new BufferPool(limits);
  const first = pool.take(5_000);
  expect(first).toHaveLength(5_000);
  pool.give(first);
  const second = pool.take(8_000);
  expect(second).toHaveLength(8_000);
  expect(second.buffer).toBe(first.buffer);
});

test("what is lent is lent to one at a time", () => {
  const pool = new BufferPool(limits);
  const first = pool.take(5_000);
  expect(pool.take(5_000).buffer).not.toBe(first.buffer);
});

test("what was given back twice is lent once", () => {
  const pool = new BufferPool(limits);
  const first = pool.take(5_000);
  pool.give(first);
  pool.give(first);
  expect(pool.take(5_000).buffer).toBe(first.buffer);
  expect(pool.take(5_000).buffer).not.toBe(first.buffer);
});

test("what is larger than the bound, or came from elsewhere, is never kept", () => {
  const pool = new BufferPool(limits);
  const large = pool.take(limits.bytesMax + 1);
  const foreign = Buffer.alloc(8_192);
  pool.give(large);
  pool.give(foreign);
  expect([large.buffer, foreign.buffer]).not.toContain(pool.take(5_000).buffer);
});

test("no more than the bound are kept", () => {
  const pool = new BufferPool(limits);
  const lent = Array.from({ length: 3 }, () => pool.take(5_000));
  for (const buffer of lent) pool.give(buffer);
  const again = new Set(Array.from({ length: 3 }, () => pool.take(5_000).buffer));
  expect(lent.filter((buffer) => again.has(buffer.buffer))).toHaveLength(2);
});
