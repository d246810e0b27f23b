import { expect, test } from "vitest";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { compareSides, toFeatureDrift } from "./compare-sides.ts";
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
