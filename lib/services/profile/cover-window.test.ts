import { describe, expect, test } from "vitest";
import { coverHours } from "./cover-hours.ts";
import type { WindowPiece } from "./cover-window.ts";
import { chooseColumns, coverWindow } from "./cover-window.ts";

const now = new Date("2026-11-20T12:34:56Z");
const cover = (from: string, until: string) => {
  const { fromTime, untilTime, pieces } = coverWindow(new Date(from), new Date(until), now);
  return {
    window: [fromTime.toISOString(), untilTime.toISOString()],
    pieces: pieces.map(shown),
  };
};
const shown = ({ grain, fromTime, untilTime }: WindowPiece) =>
  `${grain} ${fromTime.toISOString().slice(5, 16)} ${untilTime.toISOString().slice(5, 16)}`;

describe("a window is tiled by the coarsest buckets that fit", () => {
  test.each<[string, string, string, string[]]>([
    [
      "minutes alone",
      "2026-11-20T12:00:00Z",
      "2026-11-20T12:34:56Z",
      ["5m 11-20T12:00 11-20T12:35"],
    ],
    ["an hour", "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z", ["1h 11-20T11:00 11-20T12:00"]],
    [
      "minutes, hours, days, hours, minutes",
      "2026-11-17T22:50:00Z",
      "2026-11-20T02:10:00Z",
      [
        "5m 11-17T22:50 11-17T23:00",
        "1h 11-17T23:00 11-18T00:00",
        "1d 11-18T00:00 11-20T00:00",
        "1h 11-20T00:00 11-20T02:00",
        "5m 11-20T02:00 11-20T02:10",
      ],
    ],
    [
      "hours where the minutes are gone",
      "2026-10-01T10:20:00Z",
      "2026-10-01T12:40:00Z",
      ["1h 10-01T10:00 10-01T13:00"],
    ],
    [
      "days where the hours are gone",
      "2025-01-01T10:20:00Z",
      "2025-01-02T12:40:00Z",
      ["1d 01-01T00:00 01-03T00:00"],
    ],
    [
      "one bucket at least",
      "2026-11-20T12:01:00Z",
      "2026-11-20T12:01:01Z",
      ["5m 11-20T12:00 11-20T12:05"],
    ],
  ])("%s", (_name, from, until, pieces) => {
    expect(cover(from, until).pieces).toEqual(pieces);
  });

  test.each<[string, string, string[]]>([
    [
      "at midnight neither the day nor its last hour",
      "2026-11-20T00:00:00Z",
      ["1h 11-18T22:00 11-19T23:00", "5m 11-19T23:00 11-20T00:00"],
    ],
    ["five minutes later the hour", "2026-11-20T00:05:00Z", ["1h 11-18T22:00 11-20T00:00"]],
    [
      "a quarter of an hour later the day",
      "2026-11-20T00:15:00Z",
      ["1h 11-18T22:00 11-19T00:00", "1d 11-19T00:00 11-20T00:00"],
    ],
  ])("of those that have been built: %s", (_name, at, pieces) => {
    const until = new Date("2026-11-20T00:00:00Z");
    const covered = coverWindow(new Date("2026-11-18T22:00:00Z"), until, new Date(at));
    expect(covered.pieces.map(shown)).toEqual(pieces);
  });

  test("a day that is not over is no bucket yet", () => {
    expect(cover("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z").pieces).toEqual([
      "1h 11-20T00:00 11-20T12:00",
      "5m 11-20T12:00 11-21T00:00",
    ]);
  });

  test("what is kept by the hour has no finer ones", () => {
    const [from, until] = [new Date("2026-11-18T22:10:00Z"), new Date("2026-11-20T12:34:56Z")];
    expect(coverHours(from, until, now).pieces.map(shown)).toEqual([
      "1h 11-18T22:00 11-19T00:00",
      "1d 11-19T00:00 11-20T00:00",
      "1h 11-20T00:00 11-20T13:00",
    ]);
  });

  test("and comes back as it was answered", () => {
    expect(cover("2026-10-01T10:20:00Z", "2026-10-01T12:40:00Z").window).toEqual([
      "2026-10-01T10:00:00.000Z",
      "2026-10-01T13:00:00.000Z",
    ]);
  });
});

describe("a chart has at most so many columns", () => {
  test.each<[string, string, string, number, number, string]>([
    ["an hour", "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z", 12, 300_000, "5m"],
    ["a day", "2026-11-19T12:00:00Z", "2026-11-20T12:00:00Z", 48, 1_800_000, "5m"],
    ["a week", "2026-11-13T12:00:00Z", "2026-11-20T12:00:00Z", 56, 10_800_000, "1h"],
    ["a month", "2026-10-21T12:00:00Z", "2026-11-20T12:00:00Z", 60, 43_200_000, "1h"],
    ["three months", "2026-08-22T00:00:00Z", "2026-11-20T00:00:00Z", 46, 172_800_000, "1d"],
  ])("over %s", (_name, from, until, count, bucketMs, grain) => {
    const columns = chooseColumns(
      { fromTime: new Date(from), untilTime: new Date(until) },
      now,
      60,
    );
    expect([columns.starts.length, columns.bucketMs, columns.grain]).toEqual([
      count,
      bucketMs,
      grain,
    ]);
  });
});

test.each<[string, string, number, string]>([
  ["2026-11-19T12:00:00Z", "a day of five minutes", 48, "5m"],
  ["2026-11-13T12:00:00Z", "a week of hours", 56, "1h"],
  ["2026-10-21T12:00:00Z", "a month of days, though hours would fit on the chart", 31, "1d"],
])("where reading is dear, from %s on it is %s", (from, _name, count, grain) => {
  const columns = chooseColumns(
    { fromTime: new Date(from), untilTime: new Date("2026-11-20T12:00:00Z") },
    now,
    60,
    290,
  );
  expect([columns.starts.length, columns.grain]).toEqual([count, grain]);
});
