import { expect, test } from "vitest";
import type { Insight } from "#lib/api/insight.ts";
import { prepareInsightAnswer } from "./prepare-insight-answer.ts";
import { toPlainText } from "./sentence.ts";

const duration = (measure: Insight["durations"][number]["measure"], medianMs: number | null) => ({
  measure,
  medianMs,
  p90Ms: medianMs,
  count: medianMs === null ? 0 : 3,
  withoutCount: 1,
});
const worth = {
  incidentCount: 4,
  pageCount: 9,
  judgedCount: 0,
  realCount: 0,
  realShare: null,
  pagesPerReal: null,
  isForRetirement: false,
};
const insight: Insight = {
  from: "2026-08-01T00:00:00Z",
  until: "2026-11-01T00:00:00Z",
  isCut: false,
  incidentCount: 4,
  openCount: 1,
  definitions: { detect: "", acknowledge: "", mitigate: "", resolve: "", quantiles: "" },
  durations: [duration("acknowledge", 360_000), duration("resolve", 7_200_000)],
  byTeam: [],
  byModel: [],
  byCause: [],
  recurrences: [],
  actionItems: {
    counts: { held: 0, came_back: 0, reopened: 0, open: 0, wont_do: 0 },
    items: [],
  },
  worth,
  monitors: [],
};
const say = (change: Partial<Insight>) => {
  const { headline, detail } = prepareInsightAnswer({ ...insight, ...change }, 90);
  return [toPlainText(headline), toPlainText(detail)].map((text) => text.replaceAll("\u202f", " "));
};

test("the answer says how many, how fast half of them were, and what the pages were worth", () => {
  expect(say({})).toEqual([
    "4 incidents in 90 days, 1 still open. Median time to acknowledge 6 min, to resolve 2 h.",
    "None is closed with a verdict, so nobody can say what the pages were worth.",
  ]);
  expect(say({ worth: { ...worth, judgedCount: 3, realCount: 1 } })[1]).toBe(
    "1 of 3 that were closed with a verdict was real.",
  );
});

test("what nobody knows is no zero", () => {
  expect(say({ durations: [duration("acknowledge", null)] })[0]).toContain(
    "None was acknowledged or resolved.",
  );
  expect(say({ incidentCount: 0 })[0]).toBe("No incident in 90 days.");
});
