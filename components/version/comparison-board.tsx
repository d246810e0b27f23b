"use client";

import { useMemo } from "react";
import type { VersionComparison } from "#lib/api/version.ts";
import { formatCount, formatNumber, formatShare } from "#lib/charts/format-number.ts";
import { prepareDifferenceDistribution } from "#lib/charts/prepare-comparison.ts";
import { DistributionChart } from "../charts/distribution-chart.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ComparisonTable } from "./comparison-table.tsx";

const shadow = `{ "prediction_id": "01JD...", "version": "2026.11", "timestamp": "...", "prediction": 0.81 }
{ "prediction_id": "01JD...", "version": "2026.12-shadow", "timestamp": "...", "prediction": 0.77 }`;

/** A challenger beside the champion: metric by metric, and request by request. */
export function ComparisonBoard({ comparison }: { comparison: VersionComparison }) {
  const distribution = useMemo(() => prepareDifferenceDistribution(comparison), [comparison]);
  if (comparison.kind === "none")
    return (
      <EmptyState title="Nothing to compare yet">
        <p>
          A shadow answers the champion&apos;s requests under a version of its own. Log both with
          one prediction_id: that is how they are matched, and a label given once counts for both.
        </p>
        <div className="mt-3">
          <CodeBlock code={shadow} label="Two predictions of one request" />
        </div>
      </EmptyState>
    );
  return (
    <section aria-label="Champion and challenger" className="flex min-w-0 flex-col gap-4">
      {comparison.kind === "unmatched" && (
        <p className="hatched rounded-lg border px-3 py-2 text-sm">
          Not matched: these two share no prediction_id in this window. Each metric is taken over
          what that version answered, and differences are between unlike requests.
        </p>
      )}
      <ComparisonTable comparison={comparison} />
      {(distribution !== null || comparison.agreement !== null) && (
        <div className="grid gap-8 md:grid-cols-[minmax(0,1fr)_280px]">
          {distribution !== null && (
            <DistributionChart
              title={
                comparison.differences?.subject === "score"
                  ? "Challenger's score less the champion's"
                  : "Challenger's value less the champion's"
              }
              model={distribution}
              referenceLabel=""
              windowLabel="same request"
            />
          )}
          <AgreementFigures comparison={comparison} />
        </div>
      )}
    </section>
  );
}

function AgreementFigures({ comparison }: { comparison: VersionComparison }) {
  const { agreement, differences } = comparison;
  const [low, , middle, , high] = differences?.quantiles ?? [];
  const figures = [
    ...(agreement === null
      ? []
      : [
          {
            term: "Decide the same",
            value: `${formatShare(agreement.share)} of ${formatCount(agreement.count)}`,
            hint: `95 %: ${formatShare(agreement.lower)} to ${formatShare(agreement.upper)}`,
          },
          {
            term: "Cohen's kappa",
            value:
              agreement.kappa === null
                ? "undefined"
                : formatNumber(Number(agreement.kappa.toPrecision(3))),
            hint:
              agreement.kappa === null
                ? "both always decide the same class"
                : "1 is full agreement, 0 what chance alone gives",
          },
        ]),
    ...(differences === null || low === undefined || high === undefined
      ? []
      : [
          {
            term: "90 % of differences",
            value: `${formatNumber(Number(low.toPrecision(3)))} to ${formatNumber(Number(high.toPrecision(3)))}`,
            hint: `median ${formatNumber(Number((middle ?? 0).toPrecision(3)))}, over ${formatCount(differences.count)} requests`,
          },
        ]),
  ];
  return (
    <dl className="flex flex-col gap-4">
      {figures.map(({ term, value, hint }) => (
        <div key={term}>
          <dt className="text-ink-3 text-xs">{term}</dt>
          <dd className="tabular font-semibold text-lg">{value}</dd>
          <dd className="text-ink-2 text-sm">{hint}</dd>
        </div>
      ))}
    </dl>
  );
}
