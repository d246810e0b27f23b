import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { IncidentVerdict } from "#lib/domain/incident.ts";
import type { InsightMeasure } from "#lib/domain/insight.ts";
import type { DurationSummary, InsightIncident, InsightItem } from "./incident-insights.ts";
import {
  findRecurrences,
  groupIncidents,
  judge,
  judgeItems,
  judgeMonitors,
  summariseDurations,
} from "./incident-insights.ts";

interface Summary {
  count: number;
  withoutCount: number;
  medianMs: number | null;
  p90Ms: number | null;
}
type Worth = Pick<
  ReturnType<typeof judge>,
  "incidentCount" | "pageCount" | "judgedCount" | "realCount" | "realShare" | "pagesPerReal"
>;
interface Case {
  name: string;
  incidents: {
    number: number;
    impactStartedAt: string | null;
    detectedAt: string;
    acknowledgedAt: string | null;
    mitigatedAt: string | null;
    resolvedAt: string | null;
    verdict: IncidentVerdict | null;
    model: string | null;
    pageCount: number;
    monitors: string[];
  }[];
  durations: Record<InsightMeasure, Summary>;
  models: {
    name: string | null;
    incidentCount: number;
    durations: Record<InsightMeasure, Summary>;
  }[];
  all: Worth;
  monitors: Record<string, Worth>;
}

const file = new URL("../stats/reference/insights.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };
const when = (text: string | null) => (text === null ? null : new Date(text));

const incidentsOf = ({ incidents }: Case): InsightIncident[] =>
  incidents.map((one) => ({
    id: String(one.number),
    number: one.number,
    title: "",
    model: one.model,
    team: null,
    causeClass: "data_drift",
    trouble: one.model ?? "",
    stamps: {
      impactStartedAt: when(one.impactStartedAt),
      detectedAt: new Date(one.detectedAt),
      acknowledgedAt: when(one.acknowledgedAt),
      mitigatedAt: when(one.mitigatedAt),
      resolvedAt: when(one.resolvedAt),
      closedAt: null,
    },
    verdict: one.verdict,
    resolution: null,
    pageCount: one.pageCount,
    monitors: one.monitors.map((id) => ({ id, name: id })),
  }));

function expectSummaries(found: readonly DurationSummary[], due: Record<InsightMeasure, Summary>) {
  for (const { measure, medianMs, p90Ms, ...counts } of found) {
    const wanted = due[measure];
    expect(counts).toEqual({ count: wanted.count, withoutCount: wanted.withoutCount });
    for (const [is, should] of [
      [medianMs, wanted.medianMs],
      [p90Ms, wanted.p90Ms],
    ] as const)
      if (should === null) expect(is).toBeNull();
      else expect(is).toBeCloseTo(should, 3);
  }
}

function expectWorth(found: Worth, due: Worth) {
  const { realShare, ...counts } = found;
  const { realShare: share, ...wanted } = due;
  expect(counts).toMatchObject(wanted);
  if (share === null) expect(realShare).toBeNull();
  else
    for (const key of ["value", "lower", "upper"] as const)
      expect(realShare?.[key]).toBeCloseTo(share[key], 9);
}

describe.each(cases)("$name are what numpy and scipy say of them", (given) => {
  const incidents = incidentsOf(given);

  test("medians, p90s and what lacks a moment", () => {
    expectSummaries(summariseDurations(incidents), given.durations);
  });

  test("by model, those of no model apart", () => {
    const groups = groupIncidents(incidents, ({ model }) => model);
    expect(groups.map(({ name }) => name).sort()).toEqual(
      given.models.map(({ name }) => name).sort(),
    );
    for (const group of groups) {
      const due = given.models.find(({ name }) => name === group.name);
      if (due === undefined) throw new Error("a group too many");
      expect(group.incidentCount).toBe(due.incidentCount);
      expectSummaries(group.durations, due.durations);
    }
  });

  test("what pages were worth", () => {
    expectWorth(judge(incidents), given.all);
    const monitors = judgeMonitors(incidents);
    expect(monitors.map(({ monitorId }) => monitorId).sort()).toEqual(Object.keys(given.monitors));
    for (const { monitorId, ...worth } of monitors) {
      const due = given.monitors[monitorId];
      if (due === undefined) throw new Error("a monitor too many");
      const { name: _, isForRetirement: _is, ...figures } = worth;
      expectWorth(figures, due);
    }
  });
});

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20) + hour * 3_600_000);
const incident = (number: number, change: Partial<InsightIncident> = {}): InsightIncident => ({
  id: String(number),
  number,
  title: "eta",
  model: "eta",
  team: null,
  causeClass: "volume",
  trouble: "eta volume",
  stamps: {
    impactStartedAt: null,
    detectedAt: at(number),
    acknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: at(number + 0.5),
    closedAt: null,
  },
  verdict: null,
  resolution: null,
  pageCount: 1,
  monitors: [{ id: "m", name: "Volume" }],
  ...change,
});

describe("trouble that came back", () => {
  test("is listed with the time between, and once is not back", () => {
    const found = findRecurrences([
      incident(5),
      incident(1),
      incident(2, { trouble: "other" }),
      incident(3),
    ]);
    expect(found).toMatchObject([{ trouble: "eta volume", medianGapMs: 1.5 * 3_600_000 }]);
    expect(found[0]?.incidents.map(({ number }) => number)).toEqual([1, 3, 5]);
  });

  test("has no time between where none has ended", () => {
    const open = { ...incident(1).stamps, resolvedAt: null };
    expect(findRecurrences([incident(1, { stamps: open }), incident(2)])).toMatchObject([
      { medianGapMs: null },
    ]);
  });
});

describe("a monitor is for retirement", () => {
  const judged = (verdicts: IncidentVerdict[]) =>
    judge(verdicts.map((verdict, i) => incident(i, { verdict }))).isForRetirement;
  test.each<[string, IncidentVerdict[], boolean]>([
    ["of nothing judged: no", [], false],
    ["of 3 false ones: too few to say", Array(3).fill("monitor_bug"), false],
    ["of 4 false ones", Array(4).fill("benign_shift"), true],
    ["of 7 false ones and a real one", [...Array(7).fill("seasonality"), "data_bug"], true],
    [
      "of 4 false ones and a real one: not sure",
      [...Array(4).fill("seasonality"), "data_bug"],
      false,
    ],
    ["of half: no", [...Array(9).fill("seasonality"), ...Array(9).fill("data_bug")], false],
  ])("%s", (_, verdicts, isForRetirement) => {
    expect(judged(verdicts)).toBe(isForRetirement);
  });

  test("without a real one it has no price for one", () => {
    expect(judge([incident(1, { verdict: "monitor_bug" })]).pagesPerReal).toBeNull();
  });
});

describe("an action item", () => {
  const item = (change: Partial<InsightItem>): InsightItem => ({
    number: 1,
    title: "Add an alert",
    incidentId: "1",
    state: "done",
    doneAt: at(2),
    wasReopened: false,
    ...change,
  });
  test.each<[string, Partial<InsightItem>, InsightIncident[], string, number | null]>([
    ["holds while nothing came back", {}, [incident(1)], "held", null],
    [
      "did not where the same came after it",
      {},
      [incident(1), incident(3), incident(5)],
      "came_back",
      3,
    ],
    [
      "holds where the same came before it was done",
      { doneAt: at(4) },
      [incident(1), incident(3)],
      "held",
      null,
    ],
    [
      "holds where another trouble came",
      {},
      [incident(1), incident(3, { trouble: "other" })],
      "held",
      null,
    ],
    ["is open until it is done", { state: "open", doneAt: null }, [incident(1)], "open", null],
    [
      "is reopened where it was done once",
      { state: "open", doneAt: null, wasReopened: true },
      [incident(1)],
      "reopened",
      null,
    ],
    ["that nobody will do has no outcome", { state: "wont_do" }, [incident(1)], "wont_do", null],
  ])("%s", (_, change, incidents, outcome, cameBackAs) => {
    expect(judgeItems([item(change)], incidents)).toMatchObject([{ outcome, cameBackAs }]);
  });
});
