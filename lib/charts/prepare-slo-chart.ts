import type { SloDetail } from "#lib/api/slo.ts";
import { formatCount } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { sayRemaining } from "./prepare-budget-bar.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

/** How the budget went over its period: what is left as things are judged now, between what is left if all that is open turns out bad
 *  and if it turns out good. Stretches that are provisional or unmeasured are hatched. */
export function prepareSloChart(
  { points, budget }: Pick<SloDetail, "points" | "budget">,
  zone: string,
): TimeSeriesModel {
  const { allowedCount } = budget;
  let spent = 0;
  let least = 0;
  let most = 0;
  const shareLeft = (count: number) => (count === 0 ? 1 : 1 - count / allowedCount);
  const drawn = points.map((point): TimePoint => {
    const { settledGood, settledBad, provisionalGood, provisionalBad, unmeasured } = point;
    spent += settledBad + provisionalBad;
    least += settledBad + provisionalBad + provisionalGood + unmeasured;
    most += settledBad;
    const isKnown = settledGood + settledBad + provisionalGood + provisionalBad > 0;
    const fromMs = Date.parse(point.from);
    const untilMs = Date.parse(point.until);
    const bad = settledBad + provisionalBad;
    return {
      timeMs: (fromMs + untilMs) / 2,
      fromMs,
      untilMs,
      values: { left: isKnown ? shareLeft(spent) : null },
      band: least === most ? null : [shareLeft(least), shareLeft(most)],
      isSmall: false,
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label: "budget left", text: sayRemaining(shareLeft(spent)), color: "window" },
        { label: "bad", text: formatCount(bad), color: null },
        ...(provisionalGood + provisionalBad === 0
          ? []
          : [
              {
                label: "provisional",
                text: formatCount(provisionalGood + provisionalBad),
                color: null,
              },
            ]),
        ...(unmeasured === 0
          ? []
          : [{ label: "unmeasured", text: formatCount(unmeasured), color: null }]),
      ],
    };
  });
  const isOpen = (index: number) => {
    const point = points[index];
    return (
      point !== undefined && point.unmeasured + point.provisionalGood + point.provisionalBad > 0
    );
  };
  const first = drawn[0];
  const last = drawn.at(-1);
  const domain: [number, number] =
    first === undefined || last === undefined
      ? [Date.parse(budget.from), Date.parse(budget.until)]
      : [first.fromMs, last.untilMs];
  const shown = drawn.flatMap(({ values, band }) => [values.left ?? null, ...(band ?? [])]);
  // A percentage far below nothing is not read, and does not fit.
  const isFar = shown.some((share) => share !== null && share < -5);
  return {
    sentence:
      budget.attained === null
        ? "Nothing was measured in this period."
        : `Of the budget ${sayRemaining(budget.remaining)} is left, from 100\u202f% at its beginning.`,
    isEmpty: drawn.every(({ values }) => values.left === null),
    note: null,
    unit: isFar ? "budgets left; 1 is all of it" : "share of the error budget that is left",
    series: [{ id: "left", label: "left", color: "window", shape: "line" }],
    points: drawn,
    gaps: toGaps(drawn, isOpen, "unmeasured, or labels still coming"),
    bandLabel: drawn.some(({ band }) => band !== null) ? "if what is open is bad, or good" : null,
    timeAxis: prepareTimeAxis(domain, zone, 8),
    valueAxis: prepareValueAxis([1, ...shown], isFar ? "number" : "share"),
    table: {
      columns: [
        "from_utc",
        "until_utc",
        "budget_left",
        "settled_good",
        "settled_bad",
        "provisional_good",
        "provisional_bad",
        "unmeasured",
      ],
      rows: points.map((point, index) => [
        formatUtc(Date.parse(point.from)),
        formatUtc(Date.parse(point.until)),
        drawn[index]?.values.left ?? null,
        point.settledGood,
        point.settledBad,
        point.provisionalGood,
        point.provisionalBad,
        point.unmeasured,
      ]),
    },
  };
}
