import { expect, test } from "vitest";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";

const at = (iso: string) => Date.parse(iso);

test("a week is ticked at the midnights of the reader's clock", () => {
  const axis = prepareTimeAxis(
    [at("2026-11-10T05:00:00Z"), at("2026-11-17T05:00:00Z")],
    "America/New_York",
    8,
  );
  expect(axis.ticks.map(({ label }) => label)).toEqual([
    "10 Nov",
    "11 Nov",
    "12 Nov",
    "13 Nov",
    "14 Nov",
    "15 Nov",
    "16 Nov",
  ]);
  expect(axis.ticks[0]?.timeMs).toBe(at("2026-11-10T05:00:00Z"));
});

test("midnight stays midnight across a change of the clock", () => {
  const axis = prepareTimeAxis(
    [at("2026-10-23T22:00:00Z"), at("2026-10-27T23:00:00Z")],
    "Europe/Berlin",
    6,
  );
  expect(axis.ticks.map(({ timeMs }) => new Date(timeMs).toISOString())).toEqual([
    "2026-10-23T22:00:00.000Z",
    "2026-10-24T22:00:00.000Z",
    "2026-10-25T23:00:00.000Z",
    "2026-10-26T23:00:00.000Z",
  ]);
});

test("an hour is ticked by the clock, and an empty domain has no ticks", () => {
  const from = at("2026-11-17T12:58:00Z");
  expect(
    prepareTimeAxis([from, from + 3_600_000], "UTC", 6).ticks.map(({ label }) => label),
  ).toEqual(["13:00", "13:15", "13:30", "13:45"]);
  expect(prepareTimeAxis([from, from], "UTC", 6).ticks).toEqual([]);
});

test("the value axis begins at zero and ends on a round figure", () => {
  const axis = prepareValueAxis([3, null, 170], "count");
  expect(axis.domain).toEqual([0, 200]);
  expect(axis.ticks.map(({ label }) => label)).toEqual(["0", "50", "100", "150", "200"]);
});

test("counts are ticked in whole numbers", () =>
  expect(prepareValueAxis([1, 2], "count").ticks.map(({ value }) => value)).toEqual([0, 1, 2]));

test("durations are ticked in minutes and hours, not in thousands of seconds", () =>
  expect(
    prepareValueAxis([0, 3_500_000], "duration").ticks.map(({ label }) =>
      label.replaceAll("\u202f", " "),
    ),
  ).toEqual(["0", "15 min", "30 min", "45 min", "1 h"]));

test("no values still have an axis", () =>
  expect(prepareValueAxis([], "number").domain).toEqual([0, 1]));

test("what is below zero keeps zero on the axis", () => {
  const { ticks } = prepareValueAxis([-40, 60], "number");
  expect(ticks.some(({ value }) => value === 0)).toBe(true);
  expect(ticks[0]?.value).toBeLessThanOrEqual(-40);
});
