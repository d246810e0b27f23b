import { expect, test } from "vitest";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { compareSides, completePair, judgeSides, toFeatureDrift } from "./compare-sides.ts";
import type { ProfileSide } from "./profile-side.ts";

const values = (shift: number) => Array.from({ length: 500 }, (_, i) => (i % 50) + shift);
const sideOf = (profiles: Record<string, FeatureProfile>): ProfileSide => ({
  rowCount: 500,
  keys: Object.entries(profiles).map(([feature, profile]) => ({
    subject: "feature",
    feature,
    profile,
  })),
});

test("one column that can't be computed says so, and leaves the others as they are", () => {
  const types = new Map([
    ["broken", "numeric" as const],
    ["moved", "numeric" as const],
  ]);
  const moved = featureProfileOf(values(20));
  const broken = Object.defineProperty({ ...moved }, "edges", {
    get() {
      throw new Error("bins can't be read");
    },
  });
  const baseline = { broken: featureProfileOf(values(0)), moved: featureProfileOf(values(0)) };
  const found = compareSides(sideOf(baseline), sideOf({ broken, moved }), types).map(
    toFeatureDrift,
  );
  expect(found.map(({ feature, verdict }) => [feature, verdict])).toEqual([
    ["broken", "cannot_say"],
    ["moved", "drift"],
  ]);
  expect(found[0]?.reason).toBe("could not be computed: bins can't be read");
  const [alone] = compareSides(sideOf({ moved: baseline.moved }), sideOf({ moved }), types).map(
    toFeatureDrift,
  );
  expect(found[1]?.statistics).toEqual(alone?.statistics);
});

test("verdicts alone are those of the whole comparison, of a column that can't be computed too", () => {
  const broken = Object.defineProperty({ ...featureProfileOf(values(3)) }, "edges", {
    get() {
      throw new Error("bins can't be read");
    },
  });
  const names = (shift: number) =>
    featureProfileOf(values(shift).map((value) => (value < 25 ? "low" : "high")));
  const same = featureProfileOf(values(0));
  const baseline = sideOf({ broken: same, moved: same, same, category: names(0), few: same });
  const window = sideOf({
    broken,
    moved: featureProfileOf(values(20)),
    same,
    category: names(10),
    few: featureProfileOf([1, 2, 3]),
    fresh: same,
  });
  const types = new Map([["moved", "numeric" as const]]);
  const whole = compareSides(baseline, window, types);
  const judged = judgeSides(baseline, window, types);
  expect(judged.map(({ feature, verdict }) => [feature, verdict])).toEqual(
    whole.map(({ feature, verdict }) => [feature, verdict]),
  );
  expect(new Set(whole.map(({ verdict }) => verdict.verdict.kind)).size).toBe(3);
  expect(judged.map(completePair).map(toFeatureDrift)).toEqual(whole.map(toFeatureDrift));
});

test("a label that has not come is no missing value", () => {
  const label = (profile: FeatureProfile): ProfileSide => ({
    rowCount: 500,
    keys: [{ subject: "label", feature: "label", profile, type: "categorical" }],
  });
  const [found] = compareSides(
    label(featureProfileOf(values(0))),
    { rowCount: 500, keys: [] },
    new Map(),
  ).map(toFeatureDrift);
  expect(found).toMatchObject({ verdict: "cannot_say", windowCount: 0, windowMissingShare: null });
});
