/** Profile counter: the profile of one feature's values, which come in runs and are not kept: what `featureProfileOf` would make of all
 *  of them at once.
 *
 *  Names are counted one by one up to a cap; past it the rarest are a tail, as in a merge of categorical profiles. */

import { rankNames } from "#lib/stats/categorical-profile.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { NO_MOMENTS } from "#lib/stats/moments.ts";
import { NumberCounter } from "#lib/stats/number-counter.ts";
import type { NumberRun } from "#lib/stats/number-run.ts";
import { NO_HISTOGRAM } from "#lib/stats/numeric-histogram.ts";

export class ProfileCounter {
  #numbers: NumberCounter | null = null;
  /** An object each: one look-up finds and counts a name. */
  #names: Map<string, { count: number }> | null = null;
  #stringCount = 0;
  #booleanCount = 0;
  #nullCount = 0;
  #otherCount = 0;
  #distinctCountMin = 0;

  addNumbers(run: NumberRun, from: number, until: number): void {
    this.#numbers ??= new NumberCounter();
    this.#numbers.add(run, from, until);
  }

  /** Answers whether the name is a new one. */
  addString(name: string, count: number): boolean {
    this.#stringCount += count;
    return this.#addName(name, count);
  }

  addBoolean(value: boolean, count: number): boolean {
    this.#booleanCount += count;
    return this.#addName(String(value), count);
  }

  addNulls(count: number): void {
    this.#nullCount += count;
  }

  get nameCount(): number {
    return this.#names?.size ?? 0;
  }

  #addName(name: string, count: number): boolean {
    this.#names ??= new Map();
    const known = this.#names.get(name);
    if (known === undefined) this.#names.set(name, { count });
    else known.count += count;
    return known === undefined;
  }

  /** Gives up the rarest names, until at most so many are left: from here on what is said of names is a bound. */
  dropRareNames(namesMax: number): void {
    const names = this.#names;
    if (names === null || names.size <= namesMax) return;
    this.#distinctCountMin = Math.max(this.#distinctCountMin, names.size);
    const sorted = Float64Array.from(names.values(), ({ count }) => count).sort();
    const countMin = sorted[sorted.length - namesMax] ?? 0;
    let room = namesMax - (sorted.length - 1 - sorted.lastIndexOf(countMin));
    for (const [name, { count }] of names) {
      if (count > countMin) continue;
      if (count === countMin && room > 0) {
        room -= 1;
        continue;
      }
      names.delete(name);
      this.#otherCount += count;
    }
  }

  /** `rowCount`: rows of the group, of which those without any value lack the feature. */
  result(rowCount: number, valueNamesMax: number): FeatureProfile {
    const { count: numericCount, ...moments } = this.#numbers?.moments() ?? NO_MOMENTS;
    const counts = {
      numericCount,
      nanCount: this.#numbers?.nanCount ?? 0,
      positiveInfinityCount: this.#numbers?.positiveInfinityCount ?? 0,
      negativeInfinityCount: this.#numbers?.negativeInfinityCount ?? 0,
      nullCount: this.#nullCount,
      stringCount: this.#stringCount,
      booleanCount: this.#booleanCount,
    };
    const present = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const names = this.#names
      ?.entries()
      .map(([name, { count }]): [string, number] => [name, count]);
    const tail = { otherCount: this.#otherCount, distinctCountMin: this.#distinctCountMin };
    return {
      rowCount,
      ...counts,
      absentCount: rowCount - present,
      ...moments,
      ...(this.#numbers?.histogram() ?? NO_HISTOGRAM),
      ...rankNames(names ?? [], tail, valueNamesMax),
    };
  }
}
