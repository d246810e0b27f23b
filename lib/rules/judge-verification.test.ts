import { expect, test } from "vitest";
import type { SeriesResult } from "#lib/domain/monitor.ts";
import type { AskedSeries } from "./judge-verification.ts";
import { judgeVerification } from "./judge-verification.ts";

const succeededAt = new Date("2026-11-01T12:00:00.000Z");
const at = (minutes: number) => new Date(succeededAt.getTime() + minutes * 60_000);
const askedAt = at(30);
const value = (judged: "fire" | "clear" | "between"): SeriesResult => ({
  kind: "value",
  value: 1,
  lower: null,
  upper: null,
  sampleCount: 100,
  judged,
  fireThreshold: 1,
  clearThreshold: 1,
  sentence: `${judged}.`,
});
const series = (
  overrides: Partial<NonNullable<AskedSeries["newest"]>> | null = {},
): AskedSeries => ({
  label: "eta",
  gone: null,
  windowMs: 3_600_000,
  cadenceMs: 300_000,
  newest:
    overrides === null
      ? null
      : {
          fromTime: at(5),
          untilTime: at(65),
          evaluatedAt: at(66),
          result: value("clear"),
          ...overrides,
        },
});
const judge = (asked: AskedSeries[], minutes = 66) =>
  judgeVerification(asked, { succeededAt, askedAt, now: at(minutes) }).kind;

test.each<[string, AskedSeries[], number, string]>([
  ["no monitor behind it", [], 66, "verification_impossible"],
  [
    "a monitor that is gone",
    [{ ...series(), gone: "it was deleted" }],
    66,
    "verification_impossible",
  ],
  ["calm after the action", [series()], 66, "verified"],
  [
    "calm in a window that began before it",
    [series({ fromTime: at(-5), untilTime: at(55) })],
    66,
    "verified",
  ],
  [
    "calm in a window that ended before it",
    [series({ fromTime: at(-70), untilTime: at(-10) })],
    66,
    "waiting",
  ],
  ["calm, said before it was asked again", [series({ evaluatedAt: at(29) })], 66, "waiting"],
  [
    "firing in a window that began before it",
    [series({ fromTime: at(-1), result: value("fire") })],
    66,
    "waiting",
  ],
  ["firing in one that lies after it", [series({ result: value("fire") })], 66, "not_verified"],
  ["between the thresholds after it", [series({ result: value("between") })], 66, "not_verified"],
  ["one calm, one firing", [series(), series({ result: value("fire") })], 66, "not_verified"],
  ["one calm, one not evaluated", [series(), series(null)], 66, "waiting"],
  ["no data yet", [series({ result: { kind: "no_data", reason: "0 rows" } })], 66, "waiting"],
  [
    "no data for too long",
    [series({ result: { kind: "no_data", reason: "0 rows" } })],
    200,
    "verification_impossible",
  ],
  ["nothing evaluated for too long", [series(null)], 200, "verification_impossible"],
])("%s: %#", (_, asked, minutes, kind) => {
  expect(judge(asked, minutes)).toBe(kind);
});
