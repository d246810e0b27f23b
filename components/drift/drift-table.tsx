"use client";

import { clsx } from "clsx";
import { useMemo } from "react";
import type { Drift, FeatureDrift } from "#lib/api/drift.ts";
import { formatCount, formatNumber, formatPValue, formatShare } from "#lib/charts/format-number.ts";
import { statisticNames, subjectLabel } from "#lib/charts/name-statistic.ts";
import { describeDecision } from "#lib/charts/prepare-questions.ts";
import type { DriftStatistic } from "#lib/domain/health.ts";
import { verdicts } from "#lib/domain/health.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NameText } from "../ui/name-text.tsx";
import { RowButton } from "../ui/row-link.tsx";
import { VerdictMark } from "./verdict-mark.tsx";

export interface DriftTableProps {
  drift: Drift;
  openKey: string | null;
  /** A panel stands beside it: only what tells rows apart is shown. */
  isNarrow: boolean;
  onOpen: (feature: { subject: string; feature: string } | null) => void;
}

const keyOf = ({ subject, feature }: { subject: string; feature: string }) =>
  `${subject}:${feature}`;
const statisticOf = (row: FeatureDrift, statistic: DriftStatistic) =>
  row.statistics.find((each) => each.statistic === statistic) ?? null;
const verdictOrder = { drift: 0, no_drift: 1, cannot_say: 2 } as const;

export function DriftTable({ drift, openKey, isNarrow, onOpen }: DriftTableProps) {
  const [sort, onSort] = useSort();
  const rows = useMemo(
    () =>
      [...drift.features].sort(
        (a, b) =>
          verdictOrder[a.verdict] - verdictOrder[b.verdict] ||
          (statisticOf(b, drift.statistic)?.value ?? -1) -
            (statisticOf(a, drift.statistic)?.value ?? -1),
      ),
    [drift],
  );
  const columns = useMemo(
    () => driftColumns(drift, openKey, isNarrow, onOpen),
    [drift, openKey, isNarrow, onOpen],
  );
  return (
    <DataTable
      name="Features and outputs"
      columns={columns}
      rows={rows}
      rowKey={keyOf}
      sort={sort}
      onSort={onSort}
      hasKeys
      isRowActive={(row) => keyOf(row) === openKey}
      toolbar={
        <h2 className="font-semibold text-base">
          {formatCount(drift.features.length)} features and outputs{" "}
          <span className="font-normal text-ink-3 text-xs">{drift.reference?.label}</span>
        </h2>
      }
      empty="No feature is called that."
    />
  );
}

function driftColumns(
  drift: Drift,
  openKey: string | null,
  isNarrow: boolean,
  onOpen: DriftTableProps["onOpen"],
): Column<FeatureDrift>[] {
  const { statistic } = drift;
  const wide: Column<FeatureDrift>[] = [
    {
      id: "noise",
      header: "Noise gives",
      isRight: true,
      from: "md",
      sortBy: (row) => statisticOf(row, drift.statistic)?.nullExpectation ?? null,
      csv: (row) => statisticOf(row, drift.statistic)?.nullExpectation ?? null,
      cell: (row) => (
        <span className="text-ink-2">
          {formatNumber(statisticOf(row, drift.statistic)?.nullExpectation ?? null)}
        </span>
      ),
    },
    {
      id: "p",
      header: "p, adjusted",
      isRight: true,
      from: "lg",
      isOptional: true,
      sortBy: ({ adjustedPValue }) => adjustedPValue,
      csv: ({ adjustedPValue }) => adjustedPValue,
      cell: ({ adjustedPValue }) => formatPValue(adjustedPValue),
    },
    {
      id: "missing",
      header: "Missing",
      isRight: true,
      from: "lg",
      isOptional: true,
      sortBy: ({ windowMissingShare }) => windowMissingShare,
      csv: ({ windowMissingShare }) => windowMissingShare,
      cell: ({ windowMissingShare, referenceMissingShare }) => (
        <span title={`reference ${formatShare(referenceMissingShare)}`}>
          {formatShare(windowMissingShare)}
        </span>
      ),
    },
    {
      id: "type",
      header: "Type",
      from: "lg",
      isOptional: true,
      sortBy: ({ type }) => type,
      csv: ({ type }) => type,
      cell: ({ type }) => <Badge>{type}</Badge>,
    },
    {
      id: "rows",
      header: "Rows",
      isRight: true,
      from: "md",
      sortBy: ({ windowCount }) => windowCount,
      csv: ({ windowCount }) => windowCount,
      cell: ({ windowCount, referenceCount }) => (
        <span className="whitespace-nowrap text-ink-2">
          {formatCount(windowCount)} <span className="text-ink-3">vs</span>{" "}
          {formatCount(referenceCount)}
        </span>
      ),
    },
  ];
  return [
    {
      id: "verdict",
      header: "Verdict",
      width: "112px",
      sortBy: ({ verdict }) => verdicts.indexOf(verdict),
      csv: ({ verdict }) => verdict,
      cell: ({ verdict }) => <VerdictMark verdict={verdict} />,
    },
    {
      id: "feature",
      header: "Feature",
      sortBy: ({ subject, feature }) => subjectLabel(subject, feature),
      csv: ({ subject, feature }) => subjectLabel(subject, feature),
      cell: (row) => (
        <span className="flex items-center gap-2">
          <RowButton
            isPressed={keyOf(row) === openKey}
            onClick={() => onOpen(keyOf(row) === openKey ? null : row)}
            title={subjectLabel(row.subject, row.feature)}
            className={clsx(
              "block max-w-40 font-medium font-mono sm:max-w-56",
              !isNarrow && "xl:max-w-72",
            )}
          >
            <NameText text={subjectLabel(row.subject, row.feature)} />
          </RowButton>
          {row.subject === "label" && drift.labels !== null && drift.labels.rowCount > 0 && (
            <Badge>
              {formatShare(drift.labels.labelledCount / drift.labels.rowCount)} labelled
            </Badge>
          )}
        </span>
      ),
    },
    {
      id: "statistic",
      header: statisticNames[statistic],
      isRight: true,
      sortBy: (row) => statisticOf(row, statistic)?.value ?? null,
      csv: (row) => statisticOf(row, statistic)?.value ?? null,
      cell: (row) => <StatisticCell row={row} statistic={statistic} />,
    },
    {
      id: "decided",
      header: "Decided by",
      from: "sm",
      csv: (row) => describeDecision(row),
      cell: (row) => <Decision row={row} />,
    },
    ...(isNarrow ? [] : wide),
  ];
}

/** What the verdict rests on, which need not be the statistic that is shown. */
function Decision({ row }: { row: FeatureDrift }) {
  const text = describeDecision(row);
  if (text === null) return <span className="text-ink-3">–</span>;
  return (
    <span className="tabular block max-w-52 truncate text-ink-2" title={row.reason}>
      {text}
    </span>
  );
}

function StatisticCell({ row, statistic }: { row: FeatureDrift; statistic: DriftStatistic }) {
  const found = statisticOf(row, statistic);
  if (found === null) return <span className="text-ink-3">–</span>;
  const bound = found.bound === 0 ? "exact" : `at most ${formatNumber(found.bound)} more`;
  return <span title={bound}>{formatNumber(found.value)}</span>;
}
