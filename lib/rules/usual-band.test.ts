import { describe, expect, test } from "vitest";
import { comparedWindowsOf, pastWindowsOf, usualBandOf } from "./usual-band.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const noon = Date.parse("2026-11-20T12:00:00Z");

test("a window is compared with the same hour of the 56 days before", () => {
  const past = pastWindowsOf(noon, "UTC");
  expect(past).toHaveLength(56);
  expect([past[0], past[55]]).toEqual([noon - dayMs, noon - 56 * dayMs]);
});

test("nine o'clock stays nine o'clock across a change of the clock", () => {
  // Berlin left summer time on 25 October 2026.
  const nine = Date.parse("2026-10-27T08:00:00Z");
  const past = pastWindowsOf(nine, "Europe/Berlin").slice(0, 3);
  expect(past.map((ms) => new Date(ms).toISOString())).toEqual([
    "2026-10-26T08:00:00.000Z",
    "2026-10-25T08:00:00.000Z",
    "2026-10-24T07:00:00.000Z",
  ]);
});

describe("the band", () => {
  const compared = comparedWindowsOf(noon, "UTC");
  const options = { coverage: 0.99, isCount: false };
  const history = (value: (day: number) => number, dayCount = 60) =>
    new Map(Array.from({ length: dayCount }, (_, i) => [noon - (i + 1) * dayMs, value(i + 1)]));

  test("is learned from these windows alone, not from other hours nor from later ones", () => {
    const given = history((day) => 10 + (day % 3));
    for (const untilMs of [...given.keys()]) given.set(untilMs - hourMs, 1e6);
    given.set(noon, 1e6).set(noon + dayMs, 1e6);
    const band = usualBandOf(given, compared, options);
    expect(band).toMatchObject({ kind: "band", pointCount: 56 });
    if (band.kind === "band") expect(band.upper).toBeLessThan(20);
  });

  test("cannot say from too few", () => {
    const few = history(() => 1, 29);
    expect(usualBandOf(few, compared, options)).toEqual({
      kind: "cannot_say",
      have: 29,
      needed: 30,
    });
  });

  test("of counts leaves out the days before the model was seen", () => {
    const band = usualBandOf(
      history((day) => (day > 40 ? 0 : 100)),
      compared,
      { ...options, isCount: true },
    );
    expect(band).toMatchObject({ kind: "band", expected: 100, pointCount: 40 });
  });
});
