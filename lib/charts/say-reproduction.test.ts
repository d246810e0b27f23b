import { expect, test } from "vitest";
import { sayReproduction } from "./say-reproduction.ts";

const plain = (text: string) => text.replaceAll(/\s/g, " ");

test("whether evidence is found again is said with what it is now, and why it is not", () => {
  const same = {
    verdict: "same",
    value: 0.5,
    difference: 0,
    sampleCount: 1_000,
    reason: null,
  } as const;
  expect(plain(sayReproduction(same, null))).toMatch(/^The same: 0\.5 over 1.000 values\.$/);
  expect(
    plain(
      sayReproduction(
        { ...same, verdict: "differs", difference: 0.02, reason: "late rows came" },
        null,
      ),
    ),
  ).toBe("It is 0.5 now, which differs by +0.02: late rows came.");
  expect(
    sayReproduction(
      { verdict: "cannot", value: null, difference: null, sampleCount: null, reason: "gone" },
      "share",
    ),
  ).toBe("It can't be computed any more: gone.");
});
