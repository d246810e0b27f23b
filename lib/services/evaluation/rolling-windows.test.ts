import { expect, test } from "vitest";
import { rollingWindows } from "./rolling-windows.ts";

const now = new Date("2026-11-20T12:34:56Z");
const ends = (newest: string | null) =>
  rollingWindows(newest === null ? null : new Date(newest), now).map(({ fromTime, untilTime }) => {
    expect(untilTime.getTime() - fromTime.getTime()).toBe(86_400_000);
    return untilTime.toISOString().slice(5, 13);
  });

test.each<[string, string | null, string[]]>([
  ["of a model that was never evaluated: the running hour's alone", null, ["11-20T13"]],
  ["within the hour: the same again", "2026-11-20T13:00:00Z", ["11-20T13"]],
  ["an hour later: the next", "2026-11-20T12:00:00Z", ["11-20T13"]],
  [
    "after a stop of three hours: those that were missed, oldest first",
    "2026-11-20T10:00:00Z",
    ["11-20T11", "11-20T12", "11-20T13"],
  ],
  ["of a clock that was put back: the running hour's", "2026-11-21T00:00:00Z", ["11-20T13"]],
])("%s", (_name, newest, expected) => {
  expect(ends(newest)).toEqual(expected);
});

test("after a stop of months no more than two days of them are made up for", () => {
  const made = ends("2026-06-01T00:00:00Z");
  expect([made.length, made[0], made.at(-1)]).toEqual([49, "11-18T13", "11-20T13"]);
});
