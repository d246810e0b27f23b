/** Category cells: two categorical profiles over one list of values.
 *
 *  Values stand in falling order of baseline count, then of window count, then by name; new ones therefore last. While
 *  both profiles are exact every value is a cell. When one has a tail, a name that it lacks may be in the tail; only names
 *  that both sides know are cells then, everything else is `other`, and the comparison is marked inexact.
 *  Degenerate input: a side without values has only zeros. */

import type { CategoricalProfile } from "#lib/stats/categorical-profile.ts";
import { categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";

export type Category = {
  readonly name: string;
  readonly baseline: number;
  readonly window: number;
};

export type CategoryCells = {
  readonly categories: readonly Category[];
  readonly other: { readonly baseline: number; readonly window: number };
  readonly isExact: boolean;
};

const countsByName = ({ valueNames, valueCounts }: CategoricalProfile): Map<string, number> =>
  new Map(valueNames.map((name, i) => [name, valueCounts[i] ?? 0]));

const compareCategories = (a: Category, b: Category): number => {
  if (a.baseline !== b.baseline) return b.baseline - a.baseline;
  if (a.window !== b.window) return b.window - a.window;
  return a.name < b.name ? -1 : 1;
};

export const categoryCellsOf = (
  baseline: CategoricalProfile,
  window: CategoricalProfile,
): CategoryCells => {
  const isExact = baseline.otherCount === 0 && window.otherCount === 0;
  const inBaseline = countsByName(baseline);
  const inWindow = countsByName(window);
  const categories: Category[] = [];
  for (const name of new Set([...inBaseline.keys(), ...inWindow.keys()])) {
    if (!isExact && !(inBaseline.has(name) && inWindow.has(name))) continue;
    categories.push({
      name,
      baseline: inBaseline.get(name) ?? 0,
      window: inWindow.get(name) ?? 0,
    });
  }
  categories.sort(compareCategories);
  const cell = (side: "baseline" | "window") => sumOf(categories.map((one) => one[side]));
  return {
    categories,
    other: {
      baseline: categoricalCountOf(baseline) - cell("baseline"),
      window: categoricalCountOf(window) - cell("window"),
    },
    isExact,
  };
};

export const toCells = ({ categories, other }: CategoryCells): Cells => ({
  baseline: [...categories.map((one) => one.baseline), other.baseline],
  window: [...categories.map((one) => one.window), other.window],
});

/** At most `cellCountMax` cells: the baseline's most frequent values, the rest of what it knows as `other`, and values
 *  that only the window has as one cell, last. The list of names is frozen by the baseline. */
export const mergeCategories = (
  { categories, other }: CategoryCells,
  cellCountMax: number,
): { readonly names: readonly string[]; readonly cells: Cells } => {
  const known = categories.filter((one) => one.baseline > 0);
  const fits = known.length <= cellCountMax && other.baseline + other.window === 0;
  const named = fits ? known : known.slice(0, cellCountMax - 1);
  const rest = known.slice(named.length);
  const fresh = categories.slice(known.length);
  const side = (key: "baseline" | "window"): number[] => [
    ...named.map((one) => one[key]),
    sumOf(rest.map((one) => one[key])) + other[key],
    sumOf(fresh.map((one) => one[key])),
  ];
  const cells = { baseline: side("baseline"), window: side("window") };
  return { names: named.map((one) => one.name), cells };
};
