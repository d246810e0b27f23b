/** Number counter: the moments and the histogram of numbers that come in runs and are not kept; the histogram is the one
 *  that `histogramOf` would make of all of them at once.
 *
 *  Both do not depend on how the values are cut into runs, but for the last digits of mean and M2.
 *  NaN and the infinities are counted apart. No values: count 0, mean 0, M2 0, minimum and maximum null, no bins. */

import { CellCounter } from "#lib/stats/cell-counter.ts";
import { MomentCounter } from "#lib/stats/moment-counter.ts";
import type { Moments } from "#lib/stats/moments.ts";
import type { NumberRun } from "#lib/stats/number-run.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";

export class NumberCounter {
  readonly #moments = new MomentCounter();
  readonly #cells: CellCounter;

  /** `alike`: one that counts values that may well be like these. What it knows of them saves to find it out. */
  constructor(alike: NumberCounter | null = null) {
    this.#cells = new CellCounter(alike === null ? null : alike.#cells);
  }

  get nanCount(): number {
    return this.#moments.nanCount;
  }

  get positiveInfinityCount(): number {
    return this.#moments.positiveInfinityCount;
  }

  get negativeInfinityCount(): number {
    return this.#moments.negativeInfinityCount;
  }

  add(run: NumberRun, from: number, until: number): void {
    const finiteCount = this.#moments.add(run, from, until);
    if (finiteCount > 0) this.#cells.add(run, { from, until }, this.#moments);
  }

  moments(): Moments {
    return this.#moments.moments(() => this.#cells.meanOfBins(this.#moments.count));
  }

  histogram(): NumericHistogram {
    return this.#cells.histogram(this.#moments);
  }
}
