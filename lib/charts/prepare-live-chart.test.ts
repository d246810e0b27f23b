import { describe, expect, test } from "vitest";
import type { MonitorPoint } from "#lib/api/monitor.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { daysToShow, prepareLiveChart } from "./prepare-live-chart.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour)).toISOString();
const moments = { impactStartedAt: at(3), detectedAt: at(5), resolvedAt: null };
const nowMs = Date.parse(at(12));

const points: MonitorPoint[] = [1, 2, 3, 4, 5, 6].map((hour) => ({
  from: at(hour - 1),
  until: at(hour),
  kind: "value",
  value: hour / 10,
  lower: null,
  upper: null,
  sampleCount: 100,
  judged: "clear",
  fireThreshold: 0.4,
  clearThreshold: 0.4,
  sentence: "",
}));

// Only what the chart reads.
const evidence = {
  unit: null,
  statistic: "psi",
  series: { column: "distance" },
} as FrozenEvidence;

describe("the live chart", () => {
  test("marks the impact from where it began until now, within what is drawn", () => {
    const model = prepareLiveChart({ points, evidence, incident: moments, nowMs }, "UTC");
    const [, until] = model.timeAxis.domain;
    expect(model.spans).toEqual([
      { fromMs: Date.parse(at(3)), untilMs: until, label: "impact, not over" },
    ]);
  });

  test("ends the impact where the incident was resolved", () => {
    const incident = { ...moments, resolvedAt: at(5) };
    const { spans } = prepareLiveChart({ points, evidence, incident, nowMs }, "UTC");
    expect(spans).toEqual([
      { fromMs: Date.parse(at(3)), untilMs: Date.parse(at(5)), label: "impact" },
    ]);
  });

  test("marks nothing where no window is drawn of that time", () => {
    const incident = { ...moments, impactStartedAt: at(1), resolvedAt: at(2) };
    const late = points.slice(4);
    expect(prepareLiveChart({ points: late, evidence, incident, nowMs }, "UTC").spans).toEqual([]);
    expect(prepareLiveChart({ points: [], evidence, incident, nowMs }, "UTC").isEmpty).toBe(true);
  });

  test("asks for a day more than the impact is old, within bounds", () => {
    expect(daysToShow(moments, nowMs)).toBe(2);
    expect(daysToShow(moments, nowMs + 5 * 86_400_000)).toBe(7);
    expect(daysToShow(moments, nowMs + 500 * 86_400_000)).toBe(60);
  });
});
