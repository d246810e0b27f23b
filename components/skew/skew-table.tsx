"use client";

import { clsx } from "clsx";
import { useMemo } from "react";
import type { FeatureSkew, Skew } from "#lib/api/skew.ts";
import { formatCount, formatNumber, formatPValue, formatShare } from "#lib/charts/format-number.ts";
import { sayNoRate } from "#lib/charts/prepare-skew-answer.ts";
import { skewVerdicts } from "#lib/domain/skew.ts";
import { VerdictMark } from "../drift/verdict-mark.tsx";
import { SearchInput } from "../shell/search-input.tsx";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NameText } from "../ui/name-text.tsx";
import { RowButton } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { SkewMark } from "./skew-mark.tsx";

export interface SkewTableProps {
  skew: Skew;
  openFeature: string | null;
  onOpen: (feature: string | null) => void;
}

export function SkewTable({ skew, openFeature, onOpen }: SkewTableProps) {
  const { get } = useUrlState();
  const [sort, onSort] = useSort();
  const search = (get("q") ?? "").toLowerCase();
  const rows = useMemo(
    () => skew.features.filter(({ feature }) => feature.toLowerCase().includes(search)),
    [skew, search],
  );
  const isNarrow = openFeature !== null;
  const columns = useMemo(
    () => skewColumns(skew, openFeature, isNarrow, onOpen),
    [skew, openFeature, isNarrow, onOpen],
  );
  return (
    <DataTable
      name="Features by skew"
      columns={columns}
      rows={rows}
      rowKey={({ feature }) => feature}
      sort={sort}
      onSort={onSort}
      hasKeys
      isRowActive={({ feature }) => feature === openFeature}
      toolbar={
        <>
          <h2 className="mr-2 font-semibold text-base">
            {formatCount(skew.features.length)} features
          </h2>
          <SearchInput label="Find a feature" />
        </>
      }
      empty="No feature is called that."
    />
  );
}

function skewColumns(
  skew: Skew,
  openFeature: string | null,
  isNarrow: boolean,
  onOpen: SkewTableProps["onOpen"],
): Column<FeatureSkew>[] {
  const counted = (
    id: string,
    header: string,
    pick: (row: FeatureSkew) => number,
  ): Column<FeatureSkew> => ({
    id,
    header,
    isRight: true,
    from: "lg",
    isOptional: true,
    sortBy: pick,
    csv: pick,
    cell: (row) =>
      pick(row) === 0 ? <span className="text-ink-3">0</span> : formatCount(pick(row)),
  });
  const wide: Column<FeatureSkew>[] = [
    {
      id: "drift",
      header: "Drift from training",
      from: "md",
      sortBy: ({ drift }) => drift?.psi ?? null,
      csv: ({ drift }) => drift?.verdict ?? null,
      cell: ({ drift }) =>
        drift === null ? (
          <span className="text-ink-3">{skew.baselineLabel === null ? "no baseline" : "–"}</span>
        ) : (
          <span title={drift.reason} className="inline-flex items-center gap-2 whitespace-nowrap">
            <VerdictMark verdict={drift.verdict} />
            {drift.psi !== null && (
              <span className="text-ink-3">PSI {formatNumber(drift.psi)}</span>
            )}
          </span>
        ),
    },
    counted("value", "Other value", (row) => row.mismatchCount),
    counted("type", "Other type", (row) => row.typeMismatchCount),
    counted("offline", "Not served", (row) => row.offlineOnlyCount),
    counted("served", "Not offline", (row) => row.servedOnlyCount),
    {
      id: "p",
      header: "p, adjusted",
      isRight: true,
      from: "2xl",
      isOptional: true,
      sortBy: ({ adjustedPValue }) => adjustedPValue,
      csv: ({ adjustedPValue }) => adjustedPValue,
      cell: ({ adjustedPValue }) => formatPValue(adjustedPValue),
    },
    {
      id: "kind",
      header: "Type",
      from: "2xl",
      isOptional: true,
      sortBy: ({ type }) => type,
      csv: ({ type }) => type,
      cell: ({ type }) => (type === null ? "–" : <Badge>{type}</Badge>),
    },
  ];
  return [
    {
      id: "verdict",
      header: "Verdict",
      width: "112px",
      sortBy: ({ verdict }) => skewVerdicts.indexOf(verdict),
      csv: ({ verdict }) => verdict,
      cell: ({ verdict, reason }) => (
        <span title={reason}>
          <SkewMark verdict={verdict} />
        </span>
      ),
    },
    {
      id: "feature",
      header: "Feature",
      sortBy: ({ feature }) => feature,
      csv: ({ feature }) => feature,
      cell: ({ feature }) => (
        <RowButton
          isPressed={feature === openFeature}
          onClick={() => onOpen(feature === openFeature ? null : feature)}
          title={feature}
          className={clsx(
            "block max-w-32 font-medium font-mono sm:max-w-56",
            !isNarrow && "xl:max-w-72",
          )}
        >
          <NameText text={feature} />
        </RowButton>
      ),
    },
    {
      id: "rate",
      header: "Differs",
      isRight: true,
      sortBy: ({ rate }) => rate?.value ?? null,
      csv: ({ rate }) => rate?.value ?? null,
      cell: (row) => <RateCell row={row} />,
    },
    {
      id: "pairs",
      header: "Pairs",
      isRight: true,
      from: "sm",
      sortBy: ({ comparedCount }) => comparedCount,
      csv: ({ comparedCount }) => comparedCount,
      cell: ({ comparedCount }) => <span className="text-ink-2">{formatCount(comparedCount)}</span>,
    },
    {
      id: "since",
      header: "Since",
      isRight: true,
      from: "md",
      sortBy: ({ since }) => (since === null ? null : Date.parse(since)),
      csv: ({ since }) => since,
      cell: ({ since, verdict }) => {
        if (since !== null) return <TimeText iso={since} />;
        return (
          <span className="whitespace-nowrap text-ink-3">
            {verdict === "skew" ? "all along" : "–"}
          </span>
        );
      },
    },
    ...(isNarrow ? [] : wide),
  ];
}

/** A figure that proves nothing is not shown as one: where a side lacks the feature every pair "differs". */
function RateCell({ row }: { row: FeatureSkew }) {
  if (row.rate === null || row.verdict === "cannot_say")
    return (
      <span title={row.reason} className="whitespace-nowrap text-ink-3">
        {sayNoRate(row)}
      </span>
    );
  return (
    <span title={`95 %: ${formatShare(row.rate.lower)} to ${formatShare(row.rate.upper)}`}>
      {formatShare(row.rate.value)}
    </span>
  );
}
