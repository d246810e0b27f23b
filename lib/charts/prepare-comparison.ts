import type { VersionComparison } from "#lib/api/version.ts";
import type { ComparisonTest } from "#lib/domain/version.ts";
import { formatCountExact, formatNumber, formatShare } from "./format-number.ts";
import type { DistributionModel } from "./prepare-distribution.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";

/** What two versions both answered: a ranking is compared group by group. */
export const nameMatched = ({ task }: Pick<VersionComparison, "task">) =>
  task === "ranking"
    ? { many: "groups", answered: "ranked" }
    : { many: "requests", answered: "answered" };

/** A difference with its interval as a stroke on an axis that several rows share; 0.5 is no difference, right is better. */
export interface DifferenceStroke {
  at: number;
  from: number;
  until: number;
  sentence: string;
}

export interface DifferenceAxis {
  /** What the ends of the axis stand for: a change of this share of the champion's value. */
  reach: number;
  strokes: ReadonlyMap<string, DifferenceStroke>;
}

/** Metrics of unlike units on one axis: each difference as a share of what the champion has, turned so that right is better. */
export function prepareDifferenceAxis({ metrics }: VersionComparison): DifferenceAxis {
  const relative = metrics.flatMap((one) => {
    const { metric, champion, difference, lower, upper, isHigherBetter } = one;
    if (champion === 0 || lower === null || upper === null) return [];
    const turn = (value: number) => ((isHigherBetter ? 1 : -1) * value) / Math.abs(champion);
    const [a, b] = [turn(lower), turn(upper)];
    return [{ metric, at: turn(difference), from: Math.min(a, b), until: Math.max(a, b) }];
  });
  const reach = Math.max(0, ...relative.flatMap(({ from, until }) => [-from, until]));
  const place = (value: number) => (reach === 0 ? 0.5 : 0.5 + value / reach / 2);
  return {
    reach,
    strokes: new Map(
      relative.map(({ metric, at, from, until }) => [
        metric,
        {
          at: place(at),
          from: place(from),
          until: place(until),
          sentence: `${formatShare(Math.abs(at))} ${at >= 0 ? "better" : "worse"} than the champion`,
        },
      ]),
    ),
  };
}

/** How far apart the two answers to one request are, over all of them. */
export function prepareDifferenceDistribution({
  differences,
}: VersionComparison): DistributionModel | null {
  if (differences === null || differences.bins.length === 0) return null;
  const { bins, count, sameCount, subject, belowCount, aboveCount, mean } = differences;
  const shareOf = (one: number) => one / count;
  const valueAxis = prepareValueAxis(
    [...bins.map((bin) => shareOf(bin.count)), shareOf(belowCount), shareOf(aboveCount)],
    "share",
    3,
  );
  const scale = valueAxis.domain[1];
  const low = bins[0]?.from ?? 0;
  const high = bins.at(-1)?.until ?? 1;
  const place = (value: number) => Math.min(1, Math.max(0, (value - low) / (high - low)));
  const bar = (label: string, one: number) => ({
    label,
    reference: 0,
    window: shareOf(one) / scale,
    referenceText: "",
    windowText: `${formatShare(shareOf(one))} (${formatCountExact(one)})`,
    isNew: false,
  });
  const edges = [
    ...(belowCount > 0 ? [bar("below", belowCount)] : []),
    ...(aboveCount > 0 ? [bar("above", aboveCount)] : []),
  ];
  const mid =
    mean === null ? "" : `, ${formatNumber(Number(mean.value.toPrecision(3)))} on average`;
  return {
    kind: "numeric",
    sentence: `${subject === "score" ? "Scores" : "Values"} of challenger less champion${mid}; ${sameCount === 0 ? "none" : formatShare(shareOf(sameCount))} are exactly the same.`,
    note: null,
    unit: `share of ${formatCountExact(count)} requests`,
    hasReference: false,
    steps: bins.map((bin) => ({
      ...bar(
        `${formatNumber(rounded(bin.from))} to ${formatNumber(rounded(bin.until))}`,
        bin.count,
      ),
      from: place(bin.from),
      until: place(bin.until),
    })),
    xTicks: [low, low / 2, 0, high / 2, high].map((value) => ({
      at: place(value),
      label: formatNumber(rounded(value)),
    })),
    quantiles: { reference: [], window: differences.quantiles.map(place) },
    rows: [],
    edges,
    valueAxis,
    table: {
      columns: ["from", "until", "requests"],
      rows: [
        ["", low, belowCount],
        ...bins.map((bin) => [bin.from, bin.until, bin.count]),
        [high, "", aboveCount],
      ],
    },
  };
}

const rounded = (value: number) => Number(value.toPrecision(3));

/** By what a difference was tested, for the one who asks. */
export function nameComparisonTest(test: ComparisonTest): string {
  switch (test) {
    case "mcnemar":
      return "McNemar, mid-p";
    case "delta":
      return "delta method";
    case "delong":
      return "DeLong";
    case "paired_t":
      return "paired t";
    case "unpaired":
      return "not paired";
  }
}
