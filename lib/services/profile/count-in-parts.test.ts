import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CountedRows } from "#db/clickhouse/queries/counted-rows.ts";
import type { NameColumn } from "#db/clickhouse/read-columns.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import type { CountedProfile } from "./count-in-parts.ts";
import { countInParts } from "./count-in-parts.ts";

interface Row {
  group?: number;
  segments?: number[];
  numbers?: Record<string, number>;
  probabilities?: Record<string, number>;
  strings?: Record<string, string>;
  label?: string;
}

/** `list`: where its names are found again in other blocks; it grows by those that are new. */
const nameColumn = (values: readonly string[], list: string[] | null = null): NameColumn => {
  const names = [...new Set(values)];
  list?.push(...names.filter((name) => !list.includes(name)));
  const listed =
    list === null ? null : { list, places: Uint32Array.from(names, (name) => list.indexOf(name)) };
  return { names, listed, places: Uint32Array.from(values, (name) => names.indexOf(name)) };
};

function ends(lists: readonly object[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(lists, (list) => {
    end += Object.keys(list).length;
    return end;
  });
}

function blockOf(rows: readonly Row[], list: string[] | null): CountedRows {
  const numbers = rows.map((row) => row.numbers ?? {});
  const strings = rows.map((row) => row.strings ?? {});
  const probabilities = rows.map((row) => row.probabilities ?? {});
  const classes = nameColumn(["", ...probabilities.flatMap(Object.keys)]);
  return {
    rowCount: rows.length,
    group: Uint32Array.from(rows, (row) => row.group ?? 0),
    segments: {
      ends: ends(rows.map((row) => row.segments ?? [])),
      values: Uint32Array.from(rows.flatMap((row) => row.segments ?? [])),
    },
    eventMs: Float64Array.from(rows, (_, i) => 1_000 + i),
    numericFeatures: {
      ends: ends(numbers),
      keys: nameColumn(numbers.flatMap(Object.keys)),
      values: Float64Array.from(numbers.flatMap((row) => Object.values(row))),
    },
    stringFeatures: {
      ends: ends(strings),
      keys: nameColumn(strings.flatMap(Object.keys)),
      values: nameColumn(
        strings.flatMap((row) => Object.values(row)),
        list,
      ),
    },
    probabilities: {
      ends: ends(probabilities),
      keys: { ...classes, places: classes.places.subarray(1) },
      values: Float64Array.from(probabilities.flatMap((row) => Object.values(row))),
    },
    predictionLabel: nameColumn(rows.map((row) => row.label ?? "")),
  };
}

async function count(
  rows: readonly Row[],
  options: {
    partCount?: number;
    namesMax?: number;
    values?: readonly string[];
    blockRows?: number;
    /** The list of names of the block that begins with this row. */
    listAt?: (row: number) => string[];
  } = {},
): Promise<{ profiles: CountedProfile[]; scanCount: number }> {
  const written = new Map<string, CountedProfile>();
  const { blockRows = 3 } = options;
  let scanCount = 0;
  await countInParts({
    async *scan() {
      scanCount += 1;
      for (let from = 0; from < rows.length; from += blockRows)
        yield blockOf(rows.slice(from, from + blockRows), options.listAt?.(from) ?? null);
    },
    cuts: options.values === undefined ? [] : [{ segmentKey: "region", values: options.values }],
    partCount: options.partCount ?? 1,
    valueNamesMax: 100,
    ...(options.namesMax === undefined ? {} : { namesMax: options.namesMax }),
    write: async (profiles) => {
      for (const profile of profiles) {
        const { group, segmentKey, segmentValue, subject, feature } = profile;
        written.set([group, segmentKey, segmentValue, subject, feature].join(), profile);
      }
    },
  });
  const profiles = [...written].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, profile]) => profile);
  return { profiles, scanCount };
}

const rows: Row[] = Array.from({ length: 20 }, (_, i) => ({
  group: i % 3,
  segments: [i % 2],
  numbers: (i % 5 === 0 ? { late: i } : { x: i, y: -i }) as Record<string, number>,
  strings: { city: `c${i % 4}`, id: `u${i}` },
  label: i % 2 === 0 ? "yes" : "",
}));
const find = (profiles: readonly CountedProfile[], feature: string, group = 0, segmentValue = "") =>
  profiles.find(
    (one) => one.feature === feature && one.group === group && one.segmentValue === segmentValue,
  );

describe("rows are counted", () => {
  test("group by group, and segment by segment", async () => {
    const { profiles } = await count(rows, { values: ["eu"] });
    const own = rows.filter(({ group }) => group === 0);
    expect(find(profiles, "x")?.profile).toMatchObject({
      rowCount: own.length,
      numericCount: own.filter(({ numbers }) => numbers?.x !== undefined).length,
      absentCount: own.filter(({ numbers }) => numbers?.x === undefined).length,
    });
    for (const [value, place] of [
      ["eu", 1],
      ["*other*", 0],
    ] as const) {
      const those = own.filter(({ segments }) => segments?.[0] === place);
      expect(find(profiles, "id", 0, value)?.profile).toMatchObject({
        rowCount: those.length,
        valueNames: those.map(({ strings }) => strings?.id ?? "").sort(),
      });
    }
    expect(find(profiles, "late", 1)?.newestEventMs).toBe(1_000 + (10 % 3));
    expect(find(profiles, "label", 0)?.profile).toMatchObject({ valueNames: ["yes"] });
  });

  test("by the place of a name, where many come at once, to the same", async () => {
    const many = Array.from(
      { length: 600 },
      (_, i): Row => ({
        group: Math.floor(i / 250),
        strings: { id: `u${(i * i) % 331}`, city: `c${i % 4}` },
      }),
    );
    const byName = await count(many, { blockRows: 200 });
    const lists = [["u1", "before"], ["u9"]];
    const listAt = (row: number) => lists[row < 400 ? 0 : 1] ?? [];
    const byPlace = await count(many, { blockRows: 200, listAt });
    expect(byPlace.profiles).toEqual(byName.profiles);
    const own = many.filter(({ group }) => group === 1).map(({ strings }) => strings?.id ?? null);
    const { stringCount, distinctCount } = featureProfileOf(own);
    expect(find(byPlace.profiles, "id", 1)?.profile).toMatchObject({ stringCount, distinctCount });
  });

  test("with a hundred classes, and no more", async () => {
    const probabilities = Object.fromEntries(
      Array.from({ length: 101 }, (_, i) => [`class ${i}`, i / 101]),
    );
    const { profiles } = await count([{ probabilities }, { probabilities }]);
    const classes = profiles.filter(({ feature }) => feature.startsWith("probability:"));
    expect(classes).toHaveLength(100);
    expect(classes.every(({ profile }) => profile.numericCount === 2)).toBe(true);
  });

  test("part by part to the same", async () => {
    const whole = await count(rows, { values: ["eu"] });
    for (const partCount of [2, 3, 7]) {
      const parts = await count(rows, { values: ["eu"], partCount });
      expect(parts.scanCount).toBe(partCount);
      expect(parts.profiles).toEqual(whole.profiles);
    }
  });

  test("in more parts where the names are too many at once", async () => {
    const whole = await count(rows);
    const parts = await count(rows, { namesMax: 30 });
    expect(parts.scanCount).toBeGreaterThan(1);
    expect(parts.profiles).toEqual(whole.profiles);
  });

  test("with the rarest names as a sum where one feature alone has too many", async () => {
    const many = rows.map((row, i) => ({
      ...row,
      strings: { id: i % 2 === 0 ? "same" : `u${i}` },
    }));
    const { profiles } = await count(many, { namesMax: 8 });
    const found = profiles.filter(({ feature }) => feature === "id").map(({ profile }) => profile);
    expect(found).toHaveLength(3);
    for (const profile of found) {
      expect(profile.valueNames[0]).toBe("same");
      const named = profile.valueCounts.reduce((sum, n) => sum + n, 0);
      expect(named + profile.otherCount).toBe(profile.stringCount);
      expect(profile.stringCount).toBe(profile.rowCount);
    }
  });
});

/** Most blocks have the same features in every row, and some do not. */
const anyRow = fc.record({
  group: fc.integer({ min: 0, max: 2 }),
  segments: fc.tuple(fc.integer({ min: 0, max: 1 })),
  numbers: fc.oneof(
    { weight: 9, arbitrary: fc.record({ a: fc.double(), b: fc.integer({ max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ b: fc.double() }) },
    { weight: 1, arbitrary: fc.record({ c: fc.double(), a: fc.integer() }) },
  ),
  strings: fc.oneof(
    { weight: 9, arbitrary: fc.record({ name: fc.constantFrom("x", "y", "z") }) },
    { weight: 1, arbitrary: fc.constant({}) },
  ),
});

test("any rows, in any order and however they are cut, are counted as their values at once would be", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRow, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 25 }),
      fc.boolean(),
      async (drawn, blockRows, isByGroup) => {
        const listed = isByGroup ? [...drawn].sort((a, b) => a.group - b.group) : drawn;
        const { profiles } = await count(listed, { values: ["eu"], blockRows });
        const segments = [
          { segmentValue: "", places: [0, 1] },
          { segmentValue: "eu", places: [1] },
          { segmentValue: "*other*", places: [0] },
        ];
        for (const group of [0, 1, 2]) {
          for (const { segmentValue, places } of segments) {
            const own = listed.flatMap((row, i) =>
              row.group === group && places.includes(row.segments[0])
                ? [{ ...row.numbers, ...row.strings, time: 1_000 + (i % blockRows) }]
                : [],
            );
            for (const feature of ["a", "b", "c", "name"]) {
              const having = own.filter((row) => Object.hasOwn(row, feature));
              const found = find(profiles, feature, group, segmentValue);
              if (having.length === 0) {
                expect(found).toBeUndefined();
                continue;
              }
              const values = own.map((row) => Reflect.get(row, feature));
              const { mean, m2, ...exact } = featureProfileOf(values);
              expect(found?.profile).toMatchObject(exact);
              expect(found?.newestEventMs).toBe(Math.max(...having.map(({ time }) => time)));
            }
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});
