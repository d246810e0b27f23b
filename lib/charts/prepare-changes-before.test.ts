import { expect, test } from "vitest";
import { changesBefore, prepareChangesBefore } from "./prepare-changes-before.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20) + hour * 3_600_000).toISOString();
const change = (id: string, hour: number) => ({
  id,
  kind: "deployment" as const,
  title: id,
  model: "eta",
  environment: "production",
  version: "",
  source: "ci",
  url: null,
  occurredAt: at(hour),
  recordedBy: "ci",
});
const incident = { number: 4, impactStartedAt: at(10), detectedAt: at(12) };

test("what lies closest to where the impact began comes first, the incident itself left out", () => {
  const prepared = prepareChangesBefore(
    {
      changes: [change("late", 11.5), change("early", 2), change("just before", 9.9)],
      incidents: [
        { number: 4, title: "this", detectedAt: at(12) },
        { number: 3, title: "a late feed", detectedAt: at(9) },
      ],
    },
    incident,
  );
  expect(prepared.map(({ title, number }) => [title, number])).toEqual([
    ["just before", null],
    ["a late feed", 3],
    ["late", null],
    ["early", null],
  ]);
  expect(prepared.map(({ distance }) => distance.replace(/^.*(before|into)/, "$1"))).toEqual([
    "before the impact",
    "before the impact",
    "into the impact",
    "before the impact",
  ]);
});

test("it is asked from a day before the impact until it was noticed", () => {
  expect(changesBefore(incident)).toEqual({ from: at(-14), until: "2026-11-20T12:00:00.001Z" });
  expect(changesBefore({ ...incident, impactStartedAt: null }).from).toBe(at(-12));
});
