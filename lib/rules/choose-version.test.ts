import { expect, test } from "vitest";
import { chooseVersion } from "./choose-version.ts";

const now = Date.UTC(2026, 10, 20, 12);
const minuteMs = 60_000;

const build = (version: string, firstSeenDays: number, lastSeenMinutes: number) => ({
  version,
  firstSeenAt: new Date(now - firstSeenDays * 1_440 * minuteMs),
  lastSeenAt: new Date(now - lastSeenMinutes * minuteMs),
});
const champion = build("champion", 30, 2);
const shadow = build("shadow", 3, 0);

test.each<[string, ReturnType<typeof build>[], Record<string, number>, string | null]>([
  ["no version", [], {}, null],
  ["the only one, though none of its rows is profiled", [champion], {}, "champion"],
  ["a shadow that is logged last", [champion, shadow], { champion: 900, shadow: 20 }, "champion"],
  [
    "a shadow that is asked everything, and once more at a retry",
    [shadow, champion],
    { champion: 900, shadow: 905 },
    "champion",
  ],
  [
    "a roll-out that is past two thirds",
    [champion, shadow],
    { champion: 300, shadow: 700 },
    "shadow",
  ],
  [
    "a predecessor with more rows today, which was switched off an hour ago",
    [build("champion", 30, 61), shadow],
    { champion: 20_000, shadow: 900 },
    "shadow",
  ],
  ["none is profiled: the last one seen", [champion, shadow], {}, "shadow"],
  [
    "all of them silent for long: as they were",
    [build("champion", 90, 90_002), build("shadow", 80, 90_000)],
    {},
    "shadow",
  ],
])("%s", (_name, versions, counts, expected) =>
  expect(chooseVersion(versions, (version) => counts[version] ?? 0)).toBe(expected),
);
