import { expect, test } from "vitest";
import { formatInstant, formatRelative, formatSpan, formatUtc, zoneName } from "./format-time.ts";

const at = (iso: string) => Date.parse(iso);
const spaced = (text: string) => text.replaceAll("\u202f", " ");

test("an instant is written in the reader's zone, with the zone", () => {
  expect(formatInstant(at("2026-11-17T13:05:00Z"), "Europe/Berlin")).toBe("Tue 17 Nov 14:05 CET");
  expect(formatInstant(at("2026-11-17T13:05:00Z"), "UTC")).toBe("Tue 17 Nov 13:05 UTC");
});

test("the zone is that of the instant, not of now", () => {
  expect(zoneName("Europe/Berlin", at("2026-07-01T00:00:00Z"))).not.toBe(
    zoneName("Europe/Berlin", at("2026-12-01T00:00:00Z")),
  );
});

test("a span says the day twice only when it changes", () => {
  const from = at("2026-11-17T22:00:00Z");
  expect(formatSpan(from, from + 3_600_000, "UTC")).toBe("Tue 17 Nov 22:00 to 23:00 UTC");
  expect(formatSpan(from, from + 7_200_000, "UTC")).toBe(
    "Tue 17 Nov 22:00 to Wed 18 Nov 00:00 UTC",
  );
});

test("UTC is what the hover says", () =>
  expect(formatUtc(at("2026-11-17T13:05:09.500Z"))).toBe("2026-11-17 13:05:09 UTC"));

test.each([
  [4_000, "just now"],
  [240_000, "4 min ago"],
  [100_000_000, "1 d ago"],
  [-7_200_000, "in 2 h"],
])("%s ms before now is %s", (ms, text) =>
  expect(spaced(formatRelative(at("2026-11-17T13:05:00Z") - ms, at("2026-11-17T13:05:00Z")))).toBe(
    text,
  ),
);
