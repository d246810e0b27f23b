import { expect, test } from "vitest";
import type { MonitorSeries } from "#lib/domain/monitor.ts";
import { readMatchers, readSilenceQuery, writeSilenceQuery } from "./draft-silence.ts";

const series: MonitorSeries = {
  environment: "production",
  version: "3",
  subject: "feature",
  column: "trip time & more",
  segmentKey: "region",
  segmentValue: "eu=1",
};
const matchersOf = (text: string) =>
  readMatchers(readSilenceQuery(text).map((draft, i) => ({ ...draft, id: String(i) })));

test("a link from an alert says its monitor and its line of values, and is read back as it was", () => {
  const text = writeSilenceQuery({ model: "eta", monitorId: "m-1", series });
  expect(matchersOf(text).map(({ label, values }) => [label, values])).toEqual([
    ["model", ["eta"]],
    ["environment", ["production"]],
    ["segment", ["region=eu=1"]],
    ["feature", ["trip time & more"]],
    ["monitor", ["m-1"]],
  ]);
});

test("of a whole model it says no feature, and a name with a comma is left out rather than cut in two", () => {
  const whole = {
    ...series,
    subject: "model",
    column: "",
    segmentKey: "",
    segmentValue: "",
  } as const;
  const text = writeSilenceQuery({ model: "eta, the new one", monitorId: "m-1", series: whole });
  expect(matchersOf(text).map(({ label }) => label)).toEqual(["environment", "monitor"]);
});

test.each(["", "owner=ada", "model=", "model=a,b", `model=${"x".repeat(257)}`, "model=%20eta"])(
  "a link that says nothing usable fills in nothing: %s",
  (text) => {
    expect(readSilenceQuery(text)).toEqual([]);
  },
);
