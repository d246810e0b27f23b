import { expect, test } from "vitest";
import { RowWriter } from "#db/clickhouse/row-writer.ts";
import { Sequence } from "./sequence.ts";

const asNumber = ({ milliseconds, counter }: { milliseconds: number; counter: number }) =>
  (BigInt(milliseconds) << 22n) | BigInt(counter);

test("every place is greater than the one before, through a clock that goes back and a counter that runs over", () => {
  const sequence = new Sequence(1_000);
  let last = -1n;
  for (const now of [900, 1_000, 1_001, 1_001, 500, 2_000]) {
    sequence.advance(now);
    for (let i = 0; i < 3; i++) {
      const place = asNumber(sequence.next());
      expect(place).toBeGreaterThan(last);
      last = place;
    }
  }
  for (let i = 0; i <= 2 ** 22; i++) sequence.next();
  expect(asNumber(sequence.next())).toBeGreaterThan(last);
  expect(sequence.lastMilliseconds).toBe(2_001);
});

test("after a restart it goes on above what was handed out", () => {
  const sequence = new Sequence(5_000);
  sequence.advance(4_000);
  expect(asNumber(sequence.next())).toBeGreaterThan((5_001n << 22n) - 1n);
});

test("it is written as the 64-bit number that it is", () => {
  const writer = new RowWriter(1);
  const now = Date.UTC(2026, 10, 21, 12, 0, 0, 123);
  writer.sequence(now, 4_194_303);
  expect(writer.buffer.readBigUInt64LE(0)).toBe((BigInt(now) << 22n) | 4_194_303n);
  writer.uint64(now);
  expect(writer.buffer.readBigUInt64LE(8)).toBe(BigInt(now));
});
