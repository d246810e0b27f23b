import { describe, expect, test } from "vitest";
import type { AlertLabels, Silence, SilenceMatcher } from "#lib/domain/silence.ts";
import {
  activeUntil,
  findSilence,
  isSilenced,
  matchesLabels,
  nextMaintenance,
  refuseSilence,
  silenceEnd,
  silenceState,
} from "./silence.ts";

const now = new Date("2026-11-04T12:00:00Z");
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
const days = (count: number) => minutes(count * 1_440);
const labels: AlertLabels = {
  model: "eta",
  environment: "production",
  version: "7",
  segment: "region=eu",
  feature: null,
  monitor: "m-1",
  cause_class: "data_drift",
  severity: "sev2",
};
const is = (label: SilenceMatcher["label"], ...values: string[]): SilenceMatcher => ({
  label,
  comparison: "is",
  values,
});
const isNot = (label: SilenceMatcher["label"], ...values: string[]): SilenceMatcher => ({
  label,
  comparison: "is_not",
  values,
});
const buildSilence = (overrides: Partial<Silence> = {}): Silence => ({
  id: "s-1",
  matchers: [is("model", "eta")],
  startsAt: minutes(-60),
  endsAt: minutes(60),
  expiredAt: null,
  quietMinutes: null,
  lastHidAt: null,
  recurrence: null,
  ...overrides,
});

test.each<[string, SilenceMatcher[], boolean]>([
  ["one value", [is("model", "eta")], true],
  ["one of several", [is("model", "other", "eta")], true],
  ["another value", [is("model", "other")], false],
  ["a prefix is not the value", [is("model", "et")], false],
  ["all must hold", [is("model", "eta"), is("severity", "sev1")], false],
  ["two that hold", [is("model", "eta"), is("segment", "region=eu")], true],
  ["no value of a label that is absent", [is("feature", "age")], false],
  ["what an absent label is not", [isNot("feature", "age")], true],
  ["what a label is not", [isNot("severity", "sev1")], true],
  ["what a label is, denied", [isNot("severity", "sev1", "sev2")], false],
  ["no matchers match nothing", [], false],
])("matches labels: %s", (_, matchers, isMatched) => {
  expect(matchesLabels(matchers, labels)).toBe(isMatched);
});

describe("a silence", () => {
  test.each<[string, Partial<Silence>, string, Date | null]>([
    ["holds from its start", { startsAt: now }, "active", minutes(60)],
    ["not before it", { startsAt: minutes(1) }, "pending", null],
    ["not at its end", { endsAt: now }, "ended", null],
    ["not once it was ended", { expiredAt: minutes(-1) }, "ended", null],
    ["until it will be ended", { expiredAt: minutes(5) }, "active", minutes(5)],
    ["while it is not quiet for long", { quietMinutes: 61 }, "active", minutes(1)],
    ["until it is quiet for so long", { quietMinutes: 60 }, "ended", null],
    [
      "longer when it hid something",
      { quietMinutes: 60, lastHidAt: minutes(-1) },
      "active",
      minutes(59),
    ],
    ["never past its end", { quietMinutes: 600, lastHidAt: now }, "active", minutes(60)],
    [
      "never again after that, whatever matches",
      { quietMinutes: 10, lastHidAt: minutes(-11) },
      "ended",
      null,
    ],
  ])("%s", (_, overrides, state, until) => {
    const silence = buildSilence(overrides);
    expect(silenceState(silence, now)).toBe(state);
    expect(activeUntil(silence, now)).toEqual(until);
    expect(isSilenced([silence], labels, now)).toBe(until !== null);
  });

  test("of several the one that hides longest is named", () => {
    const silences = [
      buildSilence({ id: "short", endsAt: minutes(10) }),
      buildSilence({ id: "long", endsAt: minutes(90) }),
      buildSilence({ id: "other", endsAt: minutes(900), matchers: [is("model", "other")] }),
      buildSilence({ id: "over", endsAt: minutes(900), expiredAt: minutes(-5) }),
    ];
    expect(findSilence(silences, labels, now)).toEqual({
      silenceId: "long",
      untilTime: minutes(90),
    });
    expect(findSilence([], labels, now)).toBeNull();
  });

  test("says when it is over for good", () => {
    expect(silenceEnd(buildSilence({ quietMinutes: 30, lastHidAt: minutes(-10) }))).toEqual(
      minutes(20),
    );
  });
});

describe("maintenance that comes back", () => {
  // Sundays from one to four o'clock in Berlin: two hours when the clock goes forward, four when it goes back.
  const silence = buildSilence({
    startsAt: new Date("2026-03-01T00:00:00Z"),
    endsAt: new Date("2026-12-01T00:00:00Z"),
    recurrence: {
      timeZone: "Europe/Berlin",
      windows: [{ weekdays: [7], fromMinute: 60, untilMinute: 240 }],
    },
  });

  test.each([
    ["2026-03-22T00:00:00Z", "2026-03-22T03:00:00Z"],
    ["2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z"],
    ["2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z"],
  ])("by the wall clock: from %s until %s", (from, until) => {
    const just = (iso: string, ms: number) => new Date(Date.parse(iso) + ms);
    expect(activeUntil(silence, just(from, -1))).toBeNull();
    expect(silenceState(silence, just(from, -1))).toBe("waiting");
    expect(activeUntil(silence, just(from, 0))).toEqual(new Date(until));
    expect(activeUntil(silence, just(until, -1))).toEqual(new Date(until));
    expect(activeUntil(silence, just(until, 0))).toBeNull();
    expect(nextMaintenance(silence, just(from, -3_600_000))).toEqual({
      from: new Date(from),
      until: new Date(until),
    });
  });

  test("ends with its last day, and does not come back", () => {
    const last = buildSilence({ ...silence, endsAt: new Date("2026-11-01T01:00:00Z") });
    expect(activeUntil(last, new Date("2026-11-01T00:30:00Z"))).toEqual(last.endsAt);
    expect(nextMaintenance(last, new Date("2026-11-01T01:00:00Z"))).toBeNull();
  });
});

test.each<[string, Partial<Silence>, string | null]>([
  ["an hour", {}, null],
  ["thirty days", { startsAt: now, endsAt: days(30) }, null],
  ["a minute more", { startsAt: minutes(-1), endsAt: days(30) }, "endsAt"],
  ["backwards", { startsAt: minutes(2), endsAt: minutes(1) }, "endsAt"],
  ["in the past", { startsAt: minutes(-5), endsAt: minutes(-1) }, "endsAt"],
  ["next year", { startsAt: days(400), endsAt: days(401) }, "startsAt"],
  [
    "a year of Sundays",
    {
      endsAt: days(300),
      recurrence: {
        timeZone: "UTC",
        windows: [{ weekdays: [7], fromMinute: 0, untilMinute: 1440 }],
      },
    },
    null,
  ],
  [
    "a year of most days",
    {
      endsAt: days(300),
      recurrence: {
        timeZone: "UTC",
        windows: [{ weekdays: [1, 2, 3, 4], fromMinute: 0, untilMinute: 1440 }],
      },
    },
    "recurrence.windows",
  ],
  [
    "Sundays that end when quiet",
    {
      quietMinutes: 5,
      recurrence: { timeZone: "UTC", windows: [{ weekdays: [7], fromMinute: 0, untilMinute: 60 }] },
    },
    "quietMinutes",
  ],
])("may a silence be? %s", (_, overrides, path) => {
  expect(refuseSilence(buildSilence(overrides), now)?.path ?? null).toBe(path);
});
