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

const PAGE_BITS = 6;
const PAGE_SIZE = 2 ** PAGE_BITS;

export class ProfileCounter {
  #numbers: NumberCounter | null = null;
  /** An object each: one look-up finds and counts a name. */
  #names: Map<string, { count: number }> | null = null;
  /** How often the names of a list occur, by their place in it: pages, of which there is none where no name has a value. */
  #list: readonly string[] = [];
  #pages: (Uint32Array | undefined)[] = [];
  #stringCount = 0;
  #booleanCount = 0;
  #nullCount = 0;
  #otherCount = 0;
  #distinctCountMin = 0;
  readonly #alike: ProfileCounter | null;

  /** `alike`: one that counts values of the same feature, of other rows. */
  constructor(alike: ProfileCounter | null = null) {
    this.#alike = alike;
  }

  addNumbers(run: NumberRun, from: number, until: number): void {
    this.#numbers ??= new NumberCounter(this.#alike === null ? null : this.#alike.#numbers);
    this.#numbers.add(run, from, until);
  }

  /** Answers whether the name is a new one. */
  addString(name: string, count: number): boolean {
    this.#stringCount += count;
    return this.#addName(name, count);
  }

  /** The same of a name that stands in a list, which most often is that of the last call and may have grown since: it is counted at its
   *  place and not searched for. Worth it where many names come at once. A name that came by itself before may be called new again. */
  addListed(list: readonly string[], place: number, count: number): boolean {
    if (list !== this.#list) {
      this.#takeListed();
      this.#list = list;
    }
    this.#stringCount += count;
    const page = this.#pages[place >> PAGE_BITS] ?? this.#beginPage(place >> PAGE_BITS);
    const slot = place & (PAGE_SIZE - 1);
    const before = page[slot] ?? 0;
    page[slot] = before + count;
    return before === 0;
  }

  #beginPage(number: number): Uint32Array {
    const page = new Uint32Array(PAGE_SIZE);
    this.#pages[number] = page;
    return page;
  }

  /** Puts what was counted by place under its name. */
  #takeListed(): void {
    const pages = this.#pages;
    this.#pages = [];
    for (const [number, page] of pages.entries())
      for (const [slot, count] of (page ?? []).entries())
        if (count > 0) this.#addName(this.#list[(number << PAGE_BITS) | slot] ?? "", count);
  }

  addBoolean(value: boolean, count: number): boolean {
    this.#booleanCount += count;
    return this.#addName(String(value), count);
  }

  addNulls(count: number): void {
    this.#nullCount += count;
  }

  get nameCount(): number {
    this.#takeListed();
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
    this.#takeListed();
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
    this.#takeListed();
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
