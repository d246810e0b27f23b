/** Cut counter: how many values of stored histograms fall between given cuts.
 *
 *  The cuts rise and lie on a grid that is no finer than that of any histogram which is counted, or bins would straddle them; what is nearer to zero
 *  than `zeroFloor` is zero. Like numpy.histogram(x, [-inf, *cuts, inf]) of the values: closed on the left.
 *  Degenerate input: no cuts: one count; a histogram without bins adds nothing. */

import { binNumbersOf } from "#lib/stats/bin-pages.ts";
import type { HistogramPart } from "#lib/stats/numeric-histogram.ts";

/** Cuts by their number on a grid, as numbered bins are told apart. */
type NumberedCuts = { readonly cuts: Int32Array; readonly zeroFloor: number };

export class CutCounter {
  readonly #cuts: readonly number[];
  readonly #zeroFloor: number;
  readonly #numbered = new Map<number, NumberedCuts>();

  constructor(cuts: readonly number[], zeroFloor: number) {
    this.#cuts = cuts;
    this.#zeroFloor = zeroFloor;
  }

  /** Counts of nothing, one more than cuts. */
  zeros(): number[] {
    return new Array<number>(this.#cuts.length + 1).fill(0);
  }

  add(part: HistogramPart, counts: number[]): void {
    if ("numbers" in part) this.#addNumbered(part, counts);
    else this.#addEdges(part, counts);
  }

  #addNumbered(
    { numbers, counts: added, resolution }: Extract<HistogramPart, { numbers: Int32Array }>,
    counts: number[],
  ): void {
    const { cuts, zeroFloor } = this.#numberedOn(resolution);
    let at = 0;
    for (let i = 0; i < numbers.length; i += 1) {
      const number = numbers[i] ?? 0;
      // Below zero a number is what has every bit of its distance turned.
      const floored = (number < 0 ? ~number : number) < zeroFloor ? 0 : number;
      while (at < cuts.length && floored >= (cuts[at] ?? 0)) at += 1;
      counts[at] = (counts[at] ?? 0) + (added[i] ?? 0);
    }
  }

  #addEdges(
    { edges, counts: added }: Exclude<HistogramPart, { numbers: Int32Array }>,
    counts: number[],
  ): void {
    const cuts = this.#cuts;
    let at = 0;
    for (let i = 0; i < edges.length; i += 1) {
      const edge = edges[i] ?? 0;
      const floored = Math.abs(edge) < this.#zeroFloor ? 0 : edge;
      while (at < cuts.length && floored >= (cuts[at] ?? 0)) at += 1;
      counts[at] = (counts[at] ?? 0) + (added[i] ?? 0);
    }
  }

  #numberedOn(resolution: number): NumberedCuts {
    const known = this.#numbered.get(resolution);
    if (known !== undefined) return known;
    const [zeroFloor = 0] = binNumbersOf([this.#zeroFloor], resolution);
    const made = { cuts: binNumbersOf(this.#cuts, resolution), zeroFloor };
    this.#numbered.set(resolution, made);
    return made;
  }
}
