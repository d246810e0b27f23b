"use client";

import { clsx } from "clsx";
import { useMemo } from "react";
import type { FeatureQualityResult, Quality } from "#lib/api/quality.ts";
import { formatCount, formatShare } from "#lib/charts/format-number.ts";
import { checkNames } from "#lib/charts/name-quality.ts";
import { subjectLabel } from "#lib/charts/name-statistic.ts";
import type { QualityCheckName } from "#lib/domain/quality.ts";
import { qualityVerdicts } from "#lib/domain/quality.ts";
import { SearchInput } from "../shell/search-input.tsx";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NameText } from "../ui/name-text.tsx";
import { RowButton } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { QualityMark } from "./quality-mark.tsx";

export interface QualityTableProps {
  quality: Quality;
  openKey: string | null;
  /** A panel stands beside it: only what tells rows apart is shown. */
  isNarrow: boolean;
  onOpen: (feature: { subject: string; feature: string } | null) => void;
}

const keyOf = ({ subject, feature }: { subject: string; feature: string }) =>
  `${subject}:${feature}`;

const shareOf = (row: FeatureQualityResult, names: readonly QualityCheckName[]): number | null => {
  const found = row.checks.filter(({ check }) => names.includes(check));
  const total = found[0]?.windowTotal ?? 0;
  if (total === 0) return null;
  return found.reduce((sum, { windowCount }) => sum + windowCount, 0) / total;
};
const worstOf = (row: FeatureQualityResult) =>
  row.verdict === "problem" && row.recent === null ? (row.checks[0] ?? null) : null;

export function QualityTable({ quality, openKey, isNarrow, onOpen }: QualityTableProps) {
  const [sort, onSort] = useSort();
  const columns = useMemo(
    () => qualityColumns(openKey, isNarrow, onOpen),
    [openKey, isNarrow, onOpen],
  );
  return (
    <DataTable
      name="Features and outputs by quality"
      columns={columns}
      rows={quality.features}
      rowKey={keyOf}
      sort={sort}
      onSort={onSort}
      hasKeys
      isRowActive={(row) => keyOf(row) === openKey}
      toolbar={
        <>
          <h2 className="font-semibold text-base">
            {formatCount(quality.features.length)} features and outputs{" "}
            <span className="font-normal text-ink-3 text-xs">{quality.reference?.label}</span>
          </h2>
          <SearchInput label="Find a feature" />
        </>
      }
      empty="No feature is called that."
    />
  );
}

function shareColumn(
  id: string,
  header: string,
  names: readonly QualityCheckName[],
): Column<FeatureQualityResult> {
  return {
    id,
    header,
    isRight: true,
    from: "lg",
    isOptional: true,
    sortBy: (row) => shareOf(row, names),
    csv: (row) => shareOf(row, names),
    cell: (row) => {
      const share = shareOf(row, names);
      return <span className={share === 0 ? "text-ink-3" : undefined}>{formatShare(share)}</span>;
    },
  };
}

function qualityColumns(
  openKey: string | null,
  isNarrow: boolean,
  onOpen: QualityTableProps["onOpen"],
): Column<FeatureQualityResult>[] {
  const wide: Column<FeatureQualityResult>[] = [
    shareColumn("missing", "Missing", ["null", "absent"]),
    shareColumn("invalid", "Wrong type or not finite", ["wrong_kind", "nan", "infinite"]),
    shareColumn("range", "Out of range", ["below_range", "above_range"]),
    shareColumn("unseen", "Unseen", ["unseen_category"]),
    {
      id: "distinct",
      header: "Distinct",
      isRight: true,
      from: "lg",
      isOptional: true,
      sortBy: ({ distinct }) => distinct.window,
      csv: ({ distinct }) => distinct.window,
      cell: ({ distinct }) => (
        <span className="text-ink-2">
          {distinct.isExact ? "" : "≥ "}
          {formatCount(distinct.window)}
        </span>
      ),
    },
    {
      id: "type",
      header: "Type",
      from: "2xl",
      isOptional: true,
      sortBy: ({ type }) => type,
      csv: ({ type }) => type,
      cell: ({ type }) => <Badge>{type}</Badge>,
    },
  ];
  return [
    {
      id: "verdict",
      header: "Verdict",
      width: "112px",
      sortBy: ({ verdict }) => qualityVerdicts.indexOf(verdict),
      csv: ({ verdict }) => verdict,
      cell: ({ verdict }) => <QualityMark verdict={verdict} />,
    },
    {
      id: "feature",
      header: "Feature",
      sortBy: ({ subject, feature }) => subjectLabel(subject, feature),
      csv: ({ subject, feature }) => subjectLabel(subject, feature),
      cell: (row) => (
        <RowButton
          isPressed={keyOf(row) === openKey}
          onClick={() => onOpen(keyOf(row) === openKey ? null : row)}
          title={subjectLabel(row.subject, row.feature)}
          className={clsx(
            "block max-w-32 font-medium font-mono sm:max-w-56",
            !isNarrow && "xl:max-w-72",
          )}
        >
          <NameText text={subjectLabel(row.subject, row.feature)} />
        </RowButton>
      ),
    },
    {
      id: "worst",
      header: "Worst",
      sortBy: (row) => {
        const worst = worstOf(row);
        if (row.recent !== null) return row.recent.share;
        return worst === null ? null : worst.windowCount / Math.max(1, worst.windowTotal);
      },
      csv: ({ reason }) => reason,
      cell: (row) => <Worst row={row} />,
    },
    {
      id: "since",
      header: "Since",
      isRight: true,
      from: "sm",
      sortBy: ({ since }) => (since === null ? null : Date.parse(since)),
      csv: ({ since }) => since,
      cell: ({ since, until }) =>
        since === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <span className="whitespace-nowrap">
            <TimeText iso={since} />
            {until !== null && <span className="text-ink-3">, over</span>}
          </span>
        ),
    },
    ...(isNarrow ? [] : wide),
  ];
}

function Worst({ row }: { row: FeatureQualityResult }) {
  const worst = worstOf(row);
  if (row.recent !== null)
    return (
      <span className="whitespace-nowrap" title={row.reason}>
        <span className="tabular font-medium">{formatShare(row.recent.share)}</span>{" "}
        {checkNames[row.recent.check]} <span className="text-ink-3">now</span>
      </span>
    );
  if (worst === null)
    return (
      <span className="block max-w-28 truncate text-ink-3 sm:max-w-48" title={row.reason}>
        {row.verdict === "ok" ? "–" : row.reason}
      </span>
    );
  const share = worst.windowCount / Math.max(1, worst.windowTotal);
  const before =
    worst.baselineCount === null || worst.baselineTotal === null || worst.baselineTotal === 0
      ? null
      : worst.baselineCount / worst.baselineTotal;
  return (
    <span className="whitespace-nowrap" title={row.reason}>
      <span className="tabular font-medium">{formatShare(share)}</span> {checkNames[worst.check]}
      {before !== null && (
        <span className="text-ink-3 max-sm:hidden"> vs {formatShare(before)}</span>
      )}
    </span>
  );
}
