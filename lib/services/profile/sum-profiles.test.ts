import { expect, test } from "vitest";
import type { StoredPart } from "#db/clickhouse/queries/stored-profile.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { sumAllProfiles, sumProfiles } from "./sum-profiles.ts";

interface Row extends StoredPart {
  days: number[];
}

const row = (feature: string, values: (number | string)[], days: number[]): Row => ({
  subject: "feature",
  feature,
  profile: featureProfileOf(values),
  days,
});

async function* blocksOf(...blocks: Row[][]): AsyncGenerator<Row[]> {
  yield* blocks;
}

test("profiles are added up by key, in the order of the keys, whatever block they came in", async () => {
  const summed = await sumAllProfiles(
    blocksOf([row("b", [1, 3], [])], [row("a", ["x"], []), row("b", [1, 3], [])], []),
  );
  expect(summed).toEqual([
    { subject: "feature", feature: "a", profile: featureProfileOf(["x"]) },
    { subject: "feature", feature: "b", profile: featureProfileOf([1, 1, 3, 3]) },
  ]);
});

test("a profile counts in every group that it belongs to, and in no other", async () => {
  const summed = await sumProfiles(
    blocksOf([row("a", [1], [0, 1]), row("a", [5], [1]), row("a", [7], [])]),
    ({ days }) => days,
  );
  expect([...summed.keys()]).toEqual([0, 1]);
  expect(summed.get(0)?.map(({ profile }) => profile)).toEqual([featureProfileOf([1])]);
  expect(summed.get(1)?.map(({ profile }) => profile)).toEqual([featureProfileOf([1, 5])]);
});

test("no profiles have no sums", async () => {
  expect(await sumAllProfiles(blocksOf())).toEqual([]);
});

test("more names than can be held are refused", async () => {
  async function* endless(): AsyncGenerator<Row[]> {
    for (let block = 0; block < 400; block += 1) {
      const names = Array.from({ length: 10_000 }, (_, i) => `${block} ${i}`);
      const profile = {
        ...featureProfileOf([]),
        valueNames: names,
        valueCounts: new Uint32Array(names.length).fill(1),
      };
      yield [{ subject: "feature", feature: "id", profile, days: [] }];
    }
  }
  await expect(sumAllProfiles(endless())).rejects.toMatchObject({ code: "limit_exceeded" });
}, 30_000);
