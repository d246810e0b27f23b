/** Moment counter: the moments of numbers that come in runs and are not kept.
 *
 *  The squares of a run are added up around the mean so far and corrected by the run's own, in one pass; where that would cost digits, in
 *  a second one. Runs are merged as Chan, Golub and LeVeque (1979) do, run by run.
 *  NaN and the infinities are counted apart. No values: count 0, mean 0, M2 0, minimum and maximum null. */

import type { Moments } from "#lib/stats/moments.ts";
import { NO_MOMENTS } from "#lib/stats/moments.ts";
import type { NumberRun } from "#lib/stats/number-run.ts";
import { EXPONENT_BITS } from "#lib/stats/number-run.ts";

/** What must be left of a sum of squares around a guess once the guess is corrected: three digits may go. */
const LEFT_MIN = 1e-3;
/** Below it squares lose their digits. */
const SQUARE_MIN = 1e-280;

export class MomentCounter {
  nanCount = 0;
  positiveInfinityCount = 0;
  negativeInfinityCount = 0;
  count = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  /** The first value: at an offset of 1e9 a sum of the values themselves would be too coarse a number. */
  #shift = 0;
  #meanFromShift = 0;
  #m2 = 0;

  /** Answers how many of them are finite. */
  add(run: NumberRun, from: number, until: number): number {
    const { values } = run;
    if (this.count === 0) this.#shift = values[from] ?? 0;
    const center = this.#shift + this.#meanFromShift;
    const seenUpTo = this.#squareSeen(center);
    let minimum = this.minimum;
    let maximum = this.maximum;
    // Two at a time: each sum waits for its last addition.
    let sum = 0;
    let otherSum = 0;
    let squares = 0;
    let otherSquares = 0;
    let i = from;
    for (; i + 1 < until; i += 2) {
      const deviation = (values[i] ?? 0) - center;
      const otherDeviation = (values[i + 1] ?? 0) - center;
      const square = deviation * deviation;
      const otherSquare = otherDeviation * otherDeviation;
      sum += deviation;
      otherSum += otherDeviation;
      squares += square;
      otherSquares += otherSquare;
      if (square > seenUpTo || otherSquare > seenUpTo) {
        const x = values[i] ?? 0;
        const other = values[i + 1] ?? 0;
        if (x < minimum) minimum = x;
        if (x > maximum) maximum = x;
        if (other < minimum) minimum = other;
        if (other > maximum) maximum = other;
      }
    }
    if (i < until) {
      const x = values[i] ?? 0;
      sum += x - center;
      squares += (x - center) ** 2;
      if (x < minimum) minimum = x;
      if (x > maximum) maximum = x;
    }
    sum += otherSum;
    squares += otherSquares;
    // One that is not finite makes the sum so.
    if (!Number.isFinite(sum)) return this.#addFinite(run, from, until);
    const count = until - from;
    const mean = sum / count;
    const m2 = squares - sum * mean;
    this.minimum = minimum;
    this.maximum = maximum;
    this.#merge(
      count,
      center - this.#shift + mean,
      m2 > LEFT_MIN * squares ? m2 : squaresAround(values, from, until, { center, mean }),
    );
    return count;
  }

  /** A square of the distance from here up to which no value is a new extreme; -1 where none is known. */
  #squareSeen(center: number): number {
    const distance = Math.min(this.maximum - center, center - this.minimum);
    // Less, since both squares are rounded.
    const square = distance * distance * (1 - 1e-9);
    return distance > 0 && square > SQUARE_MIN && square < Number.POSITIVE_INFINITY ? square : -1;
  }

  /** The same of those that are finite, where not all are. */
  #addFinite({ values, words }: NumberRun, from: number, until: number): number {
    let count = 0;
    let sum = 0;
    for (let i = from; i < until; i += 1) {
      const x = values[i] ?? 0;
      if (((words[2 * i + 1] ?? 0) & EXPONENT_BITS) === EXPONENT_BITS) {
        this.#countNonFinite(x);
        continue;
      }
      if (this.count + count === 0) this.#shift = x;
      count += 1;
      sum += x - this.#shift;
      if (x < this.minimum) this.minimum = x;
      if (x > this.maximum) this.maximum = x;
    }
    if (count === 0) return 0;
    const mean = sum / count;
    let m2 = 0;
    for (let i = from; i < until; i += 1) {
      if (((words[2 * i + 1] ?? 0) & EXPONENT_BITS) === EXPONENT_BITS) continue;
      const deviation = (values[i] ?? 0) - this.#shift - mean;
      m2 += deviation * deviation;
    }
    this.#merge(count, mean, m2);
    return count;
  }

  /** `mean` is taken from the shift. */
  #merge(count: number, mean: number, m2: number): void {
    const total = this.count + count;
    const distance = mean - this.#meanFromShift;
    this.#m2 += m2 + distance * distance * ((this.count / total) * count);
    this.#meanFromShift += distance * (count / total);
    this.count = total;
  }

  #countNonFinite(x: number): void {
    if (Number.isNaN(x)) this.nanCount += 1;
    else if (x > 0) this.positiveInfinityCount += 1;
    else this.negativeInfinityCount += 1;
  }

  /** `meanOfBins`: for where the sum of them overflows. */
  moments(meanOfBins: () => number): Moments {
    const { count } = this;
    if (count === 0) return NO_MOMENTS;
    const [minimum, maximum] = [this.minimum + 0, this.maximum + 0];
    if (minimum === maximum) return { count, minimum, maximum, mean: minimum, m2: 0 };
    const mean = this.#shift + this.#meanFromShift;
    // A sum of deviations overflows where the values lie on both ends of what there is.
    if (!Number.isFinite(mean))
      return { count, minimum, maximum, mean: meanOfBins(), m2: Number.POSITIVE_INFINITY };
    const m2 = Number.isNaN(this.#m2) ? Number.POSITIVE_INFINITY : this.#m2;
    return { count, minimum, maximum, mean, m2 };
  }
}

/** The sum of squared deviations from a mean that is given from `center` on. */
const squaresAround = (
  values: Float64Array,
  from: number,
  until: number,
  { center, mean }: { center: number; mean: number },
): number => {
  let squares = 0;
  for (let i = from; i < until; i += 1) {
    const deviation = (values[i] ?? 0) - center - mean;
    squares += deviation * deviation;
  }
  return squares;
};
