/** Per-row feature skew as the detector of TensorFlow Data Validation counts it.
 *
 *  Definition. Rows of the base (training) and of the test (served) side are joined on identifier features; of every joined
 *  pair every feature that either row has is compared. base_count and test_count are pairs with a value on that side;
 *  diff_count = base_only + test_only + mismatch_count. A feature that is present without a value ([] or null) counts as not
 *  present: empty on both sides, or absent on both, is a match; empty against absent counts nowhere. Floats are rounded to
 *  floatRoundDigits in identifiers and values, halves to even as Python rounds.
 *  An identifier that occurs twice on a side is skipped and counted, unless duplicates are allowed, when every pair counts;
 *  the match statistics count it either way. Degenerate input: no pairs, no features. */

import { roundHalfEven } from "#lib/stats/skew/round-half-even.ts";

type TfdvValue = number | string | boolean | null | readonly (number | string)[];
export type TfdvRow = Readonly<Record<string, TfdvValue>>;

export type TfdvOptions = {
  readonly identifiers: readonly string[];
  readonly ignore?: readonly string[];
  readonly floatRoundDigits?: number | null;
  readonly allowDuplicates?: boolean;
};

export type TfdvFeatureSkew = {
  readonly feature: string;
  readonly baseCount: number;
  readonly testCount: number;
  readonly matchCount: number;
  readonly mismatchCount: number;
  readonly baseOnly: number;
  readonly testOnly: number;
  readonly diffCount: number;
};

export type TfdvMatchStats = {
  readonly baseWithIdCount: number;
  readonly testWithIdCount: number;
  readonly identifiersCount: number;
  readonly matchingPairsCount: number;
  readonly idsMissingInBaseCount: number;
  readonly idsMissingInTestCount: number;
  readonly duplicateIdCount: number;
  readonly baseMissingIdCount: number;
  readonly testMissingIdCount: number;
};

export type TfdvConfusion = {
  readonly base: string;
  readonly test: string;
  readonly count: number;
};

export type TfdvSkew = {
  readonly features: readonly TfdvFeatureSkew[];
  readonly matchStats: TfdvMatchStats;
  readonly skippedDuplicates: number;
  /** Values of one feature against each other, over the same pairs. */
  readonly confusionOf: (feature: string) => readonly TfdvConfusion[];
};

const MISSING = "__MISSING_VALUE__";

const valuesOf = (value: TfdvValue | undefined): readonly (number | string | boolean)[] => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as number | string | boolean];
};

const spellWith =
  (digits: number | null | undefined) =>
  (value: TfdvValue | undefined): string =>
    JSON.stringify(
      valuesOf(value).map((one) =>
        typeof one === "number" && digits !== null && digits !== undefined
          ? roundHalfEven(one, digits)
          : one,
      ),
    );

type Group = { base: TfdvRow[]; test: TfdvRow[] };

const groupById = (
  sides: { base: readonly TfdvRow[]; test: readonly TfdvRow[] },
  identifiers: readonly string[],
  spell: (value: TfdvValue | undefined) => string,
): { groups: Map<string, Group>; withoutId: { base: number; test: number } } => {
  const groups = new Map<string, Group>();
  const withoutId = { base: 0, test: 0 };
  for (const side of ["base", "test"] as const) {
    for (const row of sides[side]) {
      if (identifiers.some((name) => valuesOf(row[name]).length === 0)) {
        withoutId[side] += 1;
        continue;
      }
      const id = identifiers.map((name) => spell(row[name])).join();
      const group = groups.get(id) ?? { base: [], test: [] };
      group[side].push(row);
      groups.set(id, group);
    }
  }
  return { groups, withoutId };
};

export const tfdvFeatureSkew = (
  base: readonly TfdvRow[],
  test: readonly TfdvRow[],
  options: TfdvOptions,
): TfdvSkew => {
  const { identifiers, ignore = [], floatRoundDigits, allowDuplicates = false } = options;
  const spell = spellWith(floatRoundDigits);
  const { groups, withoutId } = groupById({ base, test }, identifiers, spell);
  const all = [...groups.values()];
  const isDuplicate = (group: Group) => group.base.length > 1 || group.test.length > 1;
  const compared = allowDuplicates ? all : all.filter((group) => !isDuplicate(group));
  const pairs = compared.flatMap((group) =>
    group.base.flatMap((baseRow) => group.test.map((testRow) => [baseRow, testRow] as const)),
  );
  const skipped = new Set([...identifiers, ...ignore]);
  const counts = new Map<string, Mutable<TfdvFeatureSkew>>();
  for (const [baseRow, testRow] of pairs) {
    for (const feature of new Set([...Object.keys(baseRow), ...Object.keys(testRow)])) {
      if (skipped.has(feature)) continue;
      const count = counts.get(feature) ?? emptyCount(feature);
      counts.set(feature, count);
      addPair(count, baseRow[feature], testRow[feature], spell);
    }
  }
  const sum = (count: (group: Group) => number) => all.reduce((n, group) => n + count(group), 0);
  const duplicateIdCount = all.filter(isDuplicate).length;
  return {
    features: [...counts.values()],
    matchStats: {
      baseWithIdCount: sum((group) => group.base.length),
      testWithIdCount: sum((group) => group.test.length),
      identifiersCount: all.length,
      matchingPairsCount: sum((group) => group.base.length * group.test.length),
      idsMissingInBaseCount: all.filter((group) => group.base.length === 0).length,
      idsMissingInTestCount: all.filter((group) => group.test.length === 0).length,
      duplicateIdCount,
      baseMissingIdCount: withoutId.base,
      testMissingIdCount: withoutId.test,
    },
    skippedDuplicates: allowDuplicates ? 0 : duplicateIdCount,
    confusionOf: (feature) => confusionsOf(pairs, feature),
  };
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const emptyCount = (feature: string): Mutable<TfdvFeatureSkew> => ({
  feature,
  baseCount: 0,
  testCount: 0,
  matchCount: 0,
  mismatchCount: 0,
  baseOnly: 0,
  testOnly: 0,
  diffCount: 0,
});

const addPair = (
  count: Mutable<TfdvFeatureSkew>,
  base: TfdvValue | undefined,
  test: TfdvValue | undefined,
  spell: (value: TfdvValue | undefined) => string,
): void => {
  const hasBase = valuesOf(base).length > 0;
  const hasTest = valuesOf(test).length > 0;
  const isMatch = hasBase && hasTest && spell(base) === spell(test);
  const isBothEmpty = !hasBase && !hasTest && (base === undefined) === (test === undefined);
  count.baseCount += hasBase ? 1 : 0;
  count.testCount += hasTest ? 1 : 0;
  count.matchCount += isMatch || isBothEmpty ? 1 : 0;
  count.mismatchCount += hasBase && hasTest && !isMatch ? 1 : 0;
  count.baseOnly += hasBase && !hasTest ? 1 : 0;
  count.testOnly += hasTest && !hasBase ? 1 : 0;
  count.diffCount = count.baseOnly + count.testOnly + count.mismatchCount;
};

const confusionsOf = (
  pairs: readonly (readonly [TfdvRow, TfdvRow])[],
  feature: string,
): TfdvConfusion[] => {
  const counts = new Map<string, Mutable<TfdvConfusion>>();
  const nameOf = (value: TfdvValue | undefined) => {
    const [first] = valuesOf(value);
    return first === undefined ? MISSING : String(first);
  };
  for (const [baseRow, testRow] of pairs) {
    const base = nameOf(baseRow[feature]);
    const test = nameOf(testRow[feature]);
    const key = JSON.stringify([base, test]);
    const known = counts.get(key);
    if (known !== undefined) known.count += 1;
    else counts.set(key, { base, test, count: 1 });
  }
  return [...counts.values()];
};
