import { expect, test } from "vitest";
import { prepareShiftRows } from "./prepare-shift-rows.ts";

const shift = (name: string, from: string, until: string, layer: string | null = "Primary") => ({
  userId: name,
  name,
  isMember: true,
  layer,
  from,
  until,
});

test("cuts shifts at the midnights of their own zone, on a day of 25 hours too", () => {
  const days = prepareShiftRows({
    timeZone: "Europe/Berlin",
    from: "2026-10-24T10:00:00.000Z",
    until: "2026-10-26T23:00:00.000Z",
    people: ["ada", "ben"].map((name) => ({ userId: name, name, isMember: true })),
    shifts: [
      shift("ada", "2026-10-24T10:00:00.000Z", "2026-10-25T08:00:00.000Z"),
      shift("ben", "2026-10-25T08:00:00.000Z", "2026-10-26T23:00:00.000Z", null),
    ],
  });
  expect(days.map(({ label, leadPercent }) => [label, leadPercent])).toEqual([
    ["Sat 24 Oct", 50],
    ["Sun 25 Oct", 0],
    ["Mon 26 Oct", 0],
  ]);
  expect(
    days.map(({ parts }) => parts.map(({ name, percent }) => [name, Number(percent.toFixed(6))])),
  ).toEqual([
    [["ada", 50]],
    [
      ["ada", 40],
      ["ben", 60],
    ],
    [["ben", 100]],
  ]);
  expect(days[1]?.parts[1]).toMatchObject({
    title: "ben, 09:00 to 24:00, standing in",
    color: 2,
    isOverride: true,
  });
});
