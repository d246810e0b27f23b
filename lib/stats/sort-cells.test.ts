import fc from "fast-check";
import { expect, test } from "vitest";
import { HIGH, LOW } from "#lib/stats/float-grid.ts";
import { orderOfWords } from "#lib/stats/sort-cells.ts";

function sorted(values: readonly number[]): number[] {
  const words = new Int32Array(Float64Array.from(values).buffer);
  const highs = Int32Array.from(values, (_, i) => words[2 * i + HIGH] ?? 0);
  const lows = Int32Array.from(values, (_, i) => words[2 * i + LOW] ?? 0);
  const order = orderOfWords(highs, lows, values.length);
  return Array.from(order.subarray(0, values.length), (place) => values[place] ?? Number.NaN);
}

test("doubles come in the order in which they rise, whatever their signs and sizes", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(value, fc.integer(), fc.constantFrom(0, 5e-324, -5e-324))),
      (values) => {
        expect(sorted(values)).toEqual([...values].sort((a, b) => a - b));
      },
    ),
  );
});

test("more than before, and fewer again", () => {
  for (const size of [3, 5_000, 0, 1, 700]) {
    const values = Array.from({ length: size }, (_, i) => Math.sin(i) * 10 ** (i % 30));
    expect(sorted(values)).toEqual([...values].sort((a, b) => a - b));
  }
});

test.each([20, 5_000])("of %i that lie so close together that they share high words", (size) => {
  for (const sign of [1, -1]) {
    const values = Array.from({ length: size }, (_, i) => sign * (1.7e9 + ((i * 7_919) % size)));
    expect(sorted(values)).toEqual([...values].sort((a, b) => a - b));
  }
});
