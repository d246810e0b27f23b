import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rotation, Schedule, ScheduleLayer } from "#lib/domain/schedule.ts";
import { shiftsBetween, whoIsOnCall } from "./on-call.ts";
import reference from "./reference/on-call.json" with { type: "json" };

const buildLayer = (overrides: Partial<ScheduleLayer> = {}): ScheduleLayer => ({
  name: "Primary",
  participants: ["ada", "ben", "cem"],
  rotation: { unit: "week", every: 1, startsOn: "2026-01-05", handoverMinute: 540 },
  windows: [],
  ...overrides,
});
const buildSchedule = (overrides: Partial<Schedule> = {}): Schedule => ({
  timeZone: "Europe/Berlin",
  layers: [buildLayer()],
  overrides: [],
  ...overrides,
});
const onCall = (schedule: Schedule, iso: string) => whoIsOnCall(schedule, new Date(iso)).userId;

describe.each(reference.cases)("around the change of $zone at $change", ({ zone, rotations }) => {
  test.each(rotations)(
    "every $every $unit at minute $handover_minute hands over when zoneinfo says",
    (one) => {
      const rotation: Rotation = {
        unit: one.unit as Rotation["unit"],
        every: one.every,
        startsOn: one.starts_on,
        handoverMinute: one.handover_minute,
      };
      const schedule = buildSchedule({
        timeZone: zone,
        layers: [buildLayer({ rotation, participants: ["0", "1", "2"] })],
      });
      const shifts = shiftsBetween(schedule, new Date(one.from), new Date(one.until));
      expect(
        shifts.map(({ userId, fromTime, untilTime }) => [userId, fromTime, untilTime]),
      ).toEqual(
        one.shifts.map(([who, from, until]) => [
          String(who),
          new Date(from ?? ""),
          new Date(until ?? ""),
        ]),
      );
    },
  );
});

describe("who is on call", () => {
  test.each([
    ["2026-01-05T07:59:59Z", "cem"],
    ["2026-01-05T08:00:00Z", "ada"],
    ["2026-01-12T08:00:00Z", "ben"],
    ["2026-01-19T08:00:00Z", "cem"],
    ["2026-01-26T08:00:00Z", "ada"],
    ["2025-12-22T08:00:00Z", "ben"],
  ])("at %s is %s, before the first hand-over too", (time, who) => {
    expect(onCall(buildSchedule(), time)).toBe(who);
  });

  test("an override stands before every layer, its start included and its end not", () => {
    const override = {
      userId: "dee",
      fromTime: new Date("2026-01-06T10:00:00Z"),
      untilTime: new Date("2026-01-06T12:00:00Z"),
    };
    const schedule = buildSchedule({ overrides: [override, { ...override, userId: "eli" }] });
    expect(onCall(schedule, "2026-01-06T10:00:00Z")).toBe("eli");
    expect(onCall(schedule, "2026-01-06T12:00:00Z")).toBe("ada");
    expect(whoIsOnCall(schedule, override.fromTime).layer).toBeNull();
  });

  test("a layer with hours stands before the one below it in those hours, on the wall clock", () => {
    const day = buildLayer({
      name: "Working hours",
      participants: ["eve"],
      windows: [{ weekdays: [1, 2, 3, 4, 5], fromMinute: 540, untilMinute: 1_020 }],
    });
    const schedule = buildSchedule({ layers: [buildLayer({ participants: ["ada"] }), day] });
    // Nine o'clock in Berlin, in winter and in summer; a Saturday.
    expect(onCall(schedule, "2026-01-06T07:59:00Z")).toBe("ada");
    expect(onCall(schedule, "2026-01-06T08:00:00Z")).toBe("eve");
    expect(onCall(schedule, "2026-07-07T07:00:00Z")).toBe("eve");
    expect(onCall(schedule, "2026-07-07T15:00:00Z")).toBe("ada");
    expect(onCall(schedule, "2026-07-11T08:00:00Z")).toBe("ada");
  });
});

const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"];
const people = ["ada", "ben", "cem", "dee"];
const someRotation: fc.Arbitrary<Rotation> = fc.record({
  unit: fc.constantFrom("hour", "day", "week"),
  every: fc.integer({ min: 1, max: 30 }),
  startsOn: fc.constantFrom("2026-01-05", "2026-03-28", "2026-10-25", "2027-05-01"),
  handoverMinute: fc.integer({ min: 0, max: 1_439 }),
});
const someWindow = fc.record({
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  fromMinute: fc.integer({ min: 0, max: 1_439 }),
  untilMinute: fc.integer({ min: 1, max: 1_440 }),
});
const layerOf = (windows: fc.Arbitrary<ScheduleLayer["windows"]>): fc.Arbitrary<ScheduleLayer> =>
  fc.record({
    name: fc.constantFrom("one", "two"),
    participants: fc.array(fc.constantFrom(...people), { minLength: 1, maxLength: 4 }),
    rotation: someRotation,
    windows,
  });
const someStart = fc.constantFrom(
  ...["2026-03-07", "2026-03-28", "2026-04-03", "2026-10-02", "2026-10-24", "2026-10-31"].map(
    (day) => Date.parse(`${day}T00:00:00Z`),
  ),
);
const someSchedule: fc.Arbitrary<Schedule> = fc.record({
  timeZone: fc.constantFrom(...zones),
  layers: fc
    .tuple(
      layerOf(fc.constant([])),
      fc.array(layerOf(fc.array(someWindow, { maxLength: 3 })), { maxLength: 2 }),
    )
    .map(([first, rest]) => [first, ...rest]),
  overrides: fc.array(
    fc
      .tuple(someStart, fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 1, max: 2_000 }))
      .map(([start, from, length]) => ({
        userId: "eli",
        fromTime: new Date(start + from * 60_000),
        untilTime: new Date(start + (from + length) * 60_000),
      })),
    { maxLength: 3 },
  ),
});

test("shifts tile time without a gap or an overlap, and everybody is on call exactly in theirs", () => {
  fc.assert(
    fc.property(
      someSchedule,
      someStart,
      fc.array(fc.nat(4 * 86_400_000 - 1), { maxLength: 8 }),
      (schedule, startMs, probes) => {
        const from = new Date(startMs);
        const until = new Date(startMs + 4 * 86_400_000);
        const shifts = shiftsBetween(schedule, from, until);
        expect(shifts[0]?.fromTime).toEqual(from);
        expect(shifts.at(-1)?.untilTime).toEqual(until);
        for (const [i, shift] of shifts.entries()) {
          expect(shift.untilTime.getTime()).toBeGreaterThan(shift.fromTime.getTime());
          if (i > 0) expect(shift.fromTime).toEqual(shifts[i - 1]?.untilTime);
        }
        const edges = shifts.flatMap(({ fromTime, untilTime }) => [
          fromTime.getTime(),
          untilTime.getTime() - 1,
        ]);
        for (const at of [...edges, ...probes.map((probe) => startMs + probe)]) {
          const here = shifts.filter(
            (shift) => shift.fromTime.getTime() <= at && at < shift.untilTime.getTime(),
          );
          expect(here.map(({ userId }) => userId)).toEqual([
            whoIsOnCall(schedule, new Date(at)).userId,
          ]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("what lies between two instants that are none has no shifts", () => {
  const at = new Date("2026-01-05T00:00:00Z");
  expect(shiftsBetween(buildSchedule(), at, at)).toEqual([]);
});
