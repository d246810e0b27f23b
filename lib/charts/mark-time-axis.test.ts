import { describe, expect, test } from "vitest";
import type { TimeMark } from "./mark-time-axis.ts";
import { markTimeAxis } from "./mark-time-axis.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import type { TimeSeriesModel } from "./time-series-model.ts";

const hourMs = 3_600_000;
const fromMs = Date.parse("2026-11-01T00:00:00.000Z");
const point = (hour: number) => ({
  timeMs: fromMs + (hour + 0.5) * hourMs,
  fromMs: fromMs + hour * hourMs,
  untilMs: fromMs + (hour + 1) * hourMs,
  values: { a: hour },
  band: null,
  isSmall: false,
  label: `${hour}`,
  lines: [{ label: "a", text: `${hour}`, color: null }],
});
const model: TimeSeriesModel = {
  sentence: "It went up.",
  isEmpty: false,
  note: null,
  unit: "rows",
  series: [],
  points: [point(0), point(1), point(2)],
  gaps: [],
  bandLabel: null,
  timeAxis: prepareTimeAxis([fromMs, fromMs + 3 * hourMs], "UTC", 8),
  valueAxis: { domain: [0, 3], ticks: [] },
  table: { columns: [], rows: [] },
};
const mark = (minutes: number, kind: TimeMark["kind"], text: string): TimeMark => ({
  timeMs: fromMs + minutes * 60_000,
  kind,
  text,
});

describe("a time axis", () => {
  test("without marks within it stays as it was", () => {
    expect(markTimeAxis(model, [mark(-1, "change", "before")], "UTC")).toBe(model);
    expect(markTimeAxis(model, [mark(181, "change", "after")], "UTC")).toBe(model);
  });

  test("has marks in their order, those that lie over each other as one, an incident before a change", () => {
    const marked = markTimeAxis(
      model,
      [
        mark(150, "change", "late"),
        mark(61, "incident", "#4 eta drifts"),
        mark(60, "change", "eta 7"),
      ],
      "UTC",
    );
    expect(marked.marks).toEqual([
      {
        timeMs: fromMs + hourMs,
        kind: "incident",
        kinds: ["change", "incident"],
        count: 2,
        text: expect.stringMatching(/^eta 7, .*\n#4 eta drifts, /),
      },
      {
        timeMs: fromMs + 2.5 * hourMs,
        kind: "change",
        kinds: ["change"],
        count: 1,
        text: expect.any(String),
      },
    ]);
  });

  test("says them to who can't see it, and in the read-out of their own bucket", () => {
    const marked = markTimeAxis(model, [mark(60, "change", "eta 7")], "UTC");
    expect(marked.sentence).toMatch(/^It went up\. In this time: 1 change: eta 7, /);
    expect(marked.points.map(({ lines }) => lines.length)).toEqual([1, 2, 1]);
    expect(marked.points[1]?.lines[1]).toMatchObject({ label: "eta 7", text: "change" });
  });

  test("counts what is too much to name", () => {
    const many = Array.from({ length: 12 }, (_, index) => mark(60, "change", `c${index}`));
    const marked = markTimeAxis(model, many, "UTC");
    expect(marked.marks?.[0]).toMatchObject({
      count: 12,
      text: expect.stringMatching(/and 4 more$/),
    });
    expect(marked.sentence).toContain("12 changes");
  });
});
