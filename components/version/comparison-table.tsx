"use client";

import { useMemo } from "react";
import type { ComparedMetric, VersionComparison } from "#lib/api/version.ts";
import { formatCount, formatNumber, formatPValue, formatShare } from "#lib/charts/format-number.ts";
import { nameMetric, sayUndefined } from "#lib/charts/name-metric.ts";
import type { DifferenceAxis } from "#lib/charts/prepare-comparison.ts";
import {
  nameComparisonTest,
  nameMatched,
  prepareDifferenceAxis,
} from "#lib/charts/prepare-comparison.ts";
import { sayDifference, sayDifferenceInterval } from "#lib/charts/say-difference.ts";
import type { MetricVerdict } from "#lib/domain/version.ts";
import { metricVerdicts } from "#lib/domain/version.ts";
import { DifferenceBar } from "../charts/difference-bar.tsx";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { ComparisonPickers } from "./comparison-pickers.tsx";
import { challengerColor } from "./version-color.ts";

const rounded = (value: number) => formatNumber(Number(value.toPrecision(3)));

/** Every metric of both, what lies between them, and whether that is more than noise. */
export function ComparisonTable({ comparison }: { comparison: VersionComparison }) {
  const [sort, onSort] = useSort();
  const axis = useMemo(() => prepareDifferenceAxis(comparison), [comparison]);
  const columns = useMemo(() => comparisonColumns(axis), [axis]);
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <DataTable
        name="Metrics of champion and challenger"
        columns={columns}
        rows={comparison.metrics}
        rowKey={({ metric }) => metric}
        sort={sort}
        onSort={onSort}
        toolbar={<ComparisonPickers comparison={comparison} />}
        empty={sayEmpty(comparison)}
      />
      <p className="text-ink-3 text-xs">
        {axis.reach > 0 &&
          `The axis reaches from ${formatShare(axis.reach)} worse to ${formatShare(axis.reach)} better than the champion's value. `}
        Intervals are of 95 %; p-values are adjusted over all metrics, so that the chance of any
        false finding stays below 5 %.
        {comparison.lacking.length > 0 &&
          ` Not computed: ${comparison.lacking.map(({ metric, reason }) => `${nameMetric(metric)} (${sayUndefined(reason)})`).join(", ")}.`}
      </p>
    </div>
  );
}

function sayEmpty(comparison: VersionComparison): string {
  const { verdict, kind } = comparison;
  if (verdict.kind === "not_for_task")
    return "Versions are compared once it is known what the model does.";
  const { many, answered } = nameMatched(comparison);
  return kind === "matched"
    ? `No labels have come for the ${many} that both ${answered}. Send what turned out for a prediction_id once: it counts for both.`
    : "No labels have come for one of the two, so there is no metric to compare.";
}

const words: Record<MetricVerdict, string> = {
  better: "better",
  worse: "worse",
  within_noise: "within noise",
};

function comparisonColumns(axis: DifferenceAxis): Column<ComparedMetric>[] {
  return [
    {
      id: "metric",
      header: "Metric",
      sortBy: ({ metric }) => nameMetric(metric),
      csv: ({ metric }) => metric,
      cell: ({ metric, isHigherBetter }) => (
        <span className="whitespace-nowrap">
          {nameMetric(metric)}
          {!isHigherBetter && (
            <span className="ml-1.5 text-ink-3 text-xs max-sm:hidden">lower is better</span>
          )}
        </span>
      ),
    },
    {
      id: "verdict",
      header: "Challenger is",
      width: "116px",
      sortBy: ({ verdict }) => metricVerdicts.indexOf(verdict),
      csv: ({ verdict }) => verdict,
      cell: ({ verdict }) => (
        <span
          className={`whitespace-nowrap ${verdict === "within_noise" ? "text-ink-3" : "font-medium"}`}
        >
          {words[verdict]}
        </span>
      ),
    },
    {
      id: "champion",
      header: "Champion",
      isRight: true,
      from: "sm",
      csv: ({ champion }) => champion,
      cell: ({ champion }) => rounded(champion),
    },
    {
      id: "challenger",
      header: "Challenger",
      isRight: true,
      from: "sm",
      csv: ({ challenger }) => challenger,
      cell: ({ challenger }) => rounded(challenger),
    },
    {
      id: "difference",
      header: "Difference",
      isRight: true,
      csv: ({ difference, lower, upper }) =>
        lower === null ? difference : `${difference} (${lower} to ${upper})`,
      cell: ({ metric, difference, lower, upper }) => (
        <span className="inline-flex flex-wrap justify-end gap-x-1.5">
          <span className="whitespace-nowrap">{sayDifference(metric, difference, null, null)}</span>
          {lower !== null && upper !== null && (
            <span className="whitespace-nowrap text-ink-2 max-sm:text-xs">
              {sayDifferenceInterval(metric, lower, upper)}
            </span>
          )}
        </span>
      ),
    },
    {
      id: "bar",
      header: "Worse, better",
      from: "lg",
      csv: () => null,
      cell: ({ metric }) => {
        const stroke = axis.strokes.get(metric);
        return stroke === undefined ? (
          <span className="text-ink-3">no interval</span>
        ) : (
          <DifferenceBar stroke={stroke} color={challengerColor} />
        );
      },
    },
    {
      id: "p",
      header: "p, adjusted",
      isRight: true,
      from: "md",
      sortBy: ({ adjustedPValue }) => adjustedPValue,
      csv: ({ adjustedPValue }) => adjustedPValue,
      cell: ({ adjustedPValue, pValue, exactPValue, test }) => (
        <span
          title={`${nameComparisonTest(test)}: p ${formatPValue(pValue)}${exactPValue === null ? "" : `, exact ${formatPValue(exactPValue)}`}`}
        >
          {formatPValue(adjustedPValue)}
        </span>
      ),
    },
    {
      id: "n",
      header: "Labelled",
      isRight: true,
      from: "md",
      sortBy: ({ championCount, challengerCount }) => Math.min(championCount, challengerCount),
      csv: ({ championCount, challengerCount }) => `${championCount} and ${challengerCount}`,
      cell: ({ championCount, challengerCount }) =>
        championCount === challengerCount
          ? formatCount(championCount)
          : `${formatCount(championCount)} and ${formatCount(challengerCount)}`,
    },
    {
      id: "test",
      header: "Test",
      from: "xl",
      isOptional: true,
      sortBy: ({ test }) => test,
      csv: ({ test }) => test,
      cell: ({ test }) => (
        <span className="whitespace-nowrap text-ink-2">{nameComparisonTest(test)}</span>
      ),
    },
  ];
}
