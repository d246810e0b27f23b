import { describe, expect, test } from "vitest";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import type { Row } from "./testing/segments-of.ts";
import { say, segmentsOf } from "./testing/segments-of.ts";
import { findWorstSegments } from "./worst-segments.ts";

function drawRows(
  random: () => number,
  count: number,
  lossOf: (tags: Record<string, string>) => number,
): Row[] {
  return Array.from({ length: count }, () => {
    const tags = {
      region: ["eu", "us", "asia"][Math.floor(random() ** 2 * 3)] ?? "eu",
      carrier: ["AA", "DL", "HA", "UA"][Math.floor(random() * 4)] ?? "AA",
      hour: String(Math.floor(random() * 6)),
    };
    return { tags, loss: lossOf(tags) };
  });
}

describe("over many draws", () => {
  const runs = 400;
  const plantedRuns = 100;
  // Two standard errors of a share of 0.05 over these runs.
  const allowed = 0.05 + 2 * Math.sqrt((0.05 * 0.95) / runs);

  test.each([
    ["wrong decisions", "rate" as const, (random: () => number) => (random() < 0.2 ? 1 : 0)],
    ["skewed losses", "mean" as const, (random: () => number) => -Math.log(1 - random())],
  ])(
    "%s with nothing planted are found to differ in no more than the declared share",
    (_, kind, draw) => {
      const random = seededRandom(17);
      let falseCount = 0;
      for (let run = 0; run < runs; run += 1) {
        const { total, segments } = segmentsOf(drawRows(random, 1_500, () => draw(random)));
        if (findWorstSegments(total, segments, { kind }).findings.length > 0) falseCount += 1;
      }
      expect(falseCount / runs).toBeLessThanOrEqual(allowed);
    },
  );

  test("a pair that is planted is found, is first, and its single tags are not named for it", () => {
    const random = seededRandom(23);
    let firstCount = 0;
    let singleCount = 0;
    for (let run = 0; run < plantedRuns; run += 1) {
      const rows = drawRows(random, 5_000, ({ region, carrier }) => {
        const rate = region === "us" && carrier === "HA" ? 0.4 : 0.15;
        return random() < rate ? 1 : 0;
      });
      const { total, segments } = segmentsOf(rows);
      const { findings } = findWorstSegments(total, segments, { kind: "rate" });
      const names = findings.map(({ conditions }) => say(conditions));
      if (names[0] === "region=us & carrier=HA") firstCount += 1;
      if (names.includes("region=us") || names.includes("carrier=HA")) singleCount += 1;
    }
    expect(firstCount).toBeGreaterThanOrEqual(0.9 * plantedRuns);
    expect(singleCount).toBeLessThanOrEqual(0.1 * plantedRuns);
  });

  test("a tag that is planted is found, and none of its pairs is named for it", () => {
    const random = seededRandom(29);
    let firstCount = 0;
    let pairCount = 0;
    for (let run = 0; run < plantedRuns; run += 1) {
      const rows = drawRows(random, 5_000, ({ carrier }) =>
        random() < (carrier === "HA" ? 0.3 : 0.15) ? 1 : 0,
      );
      const { total, segments } = segmentsOf(rows);
      const { findings } = findWorstSegments(total, segments, { kind: "rate" });
      const names = findings.map(({ conditions }) => say(conditions));
      if (names[0] === "carrier=HA") firstCount += 1;
      if (names.some((name) => name.includes("&") && name.includes("carrier=HA"))) pairCount += 1;
    }
    expect(firstCount).toBeGreaterThanOrEqual(0.9 * plantedRuns);
    expect(pairCount).toBeLessThanOrEqual(0.1 * plantedRuns);
  });
});
