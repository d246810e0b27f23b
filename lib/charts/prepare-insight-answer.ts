import type { Insight } from "#lib/api/insight.ts";
import type { InsightMeasure } from "#lib/domain/insight.ts";
import { formatDuration } from "./format-number.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** How often, how fast, and what the pages were worth. What nobody knows is said as such. */
export function prepareInsightAnswer(insight: Insight, days: number): Answer {
  const { incidentCount, openCount, worth } = insight;
  const span = figure(`${days} ${plural(days, "day")}`);
  if (incidentCount === 0)
    return {
      health: null,
      headline: sentence`No incident in ${span}.`,
      detail: sentence`Tests and what was merged into another do not count.`,
    };
  const count = figure(`${incidentCount} ${plural(incidentCount, "incident")}`);
  const open = openCount === 0 ? "" : sentence`, ${figure(String(openCount))} still open`;
  return {
    health: null,
    headline: sentence`${count} in ${span}${open}. ${sayMedians(insight)}`,
    detail:
      worth.judgedCount === 0
        ? sentence`None is closed with a verdict, so nobody can say what the pages were worth.`
        : sentence`${figure(`${worth.realCount} of ${worth.judgedCount}`)} that were closed with a verdict ${plural(worth.realCount, "was", "were")} real.`,
  };
}

function sayMedians({ durations }: Insight): Sentence {
  const medianOf = (measure: InsightMeasure, word: string) => {
    const medianMs = durations.find((one) => one.measure === measure)?.medianMs ?? null;
    return medianMs === null ? [] : [sentence`${word} ${figure(formatDuration(medianMs))}`];
  };
  const [first, second] = [
    ...medianOf("acknowledge", "to acknowledge"),
    ...medianOf("resolve", "to resolve"),
  ];
  if (first === undefined) return sentence`None was acknowledged or resolved.`;
  return second === undefined
    ? sentence`Median time ${first}.`
    : sentence`Median time ${first}, ${second}.`;
}

export const measureNames: Record<InsightMeasure, string> = {
  detect: "To detect",
  acknowledge: "To acknowledge",
  mitigate: "To mitigate",
  resolve: "To resolve",
};

/** A p90 of so few is hardly more than the largest. */
export const fewIncidents = 10;
