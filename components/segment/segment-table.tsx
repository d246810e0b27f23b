"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useMemo } from "react";
import type { SegmentList, SegmentRow } from "#lib/api/segment.ts";
import { formatCount, formatNumber, formatPValue, formatShare } from "#lib/charts/format-number.ts";
import { nameMetric } from "#lib/charts/name-metric.ts";
import { nameSegmentValue } from "#lib/charts/name-segment.ts";
import { FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import type { ModelPage } from "../shell/paths.ts";
import { paths } from "../shell/paths.ts";
import { SearchInput } from "../shell/search-input.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { StatusShape } from "../ui/status-mark.tsx";
import { TimeText } from "../ui/time-text.tsx";

type Href = (page: ModelPage, value: string) => string;

const searchedFrom = 12;

/** One row per value of the chosen key, most rows first. */
export function SegmentTable({
  workspace,
  model,
  list,
}: {
  workspace: string;
  model: string;
  list: SegmentList;
}) {
  const { href } = useScope();
  const { get } = useUrlState();
  const [sort, onSort] = useSort();
  const search = (get("q") ?? "").toLowerCase();
  const key = list.segmentKey ?? "";
  const columns = useMemo(() => {
    const to: Href = (page, value) =>
      href(paths.model(workspace, model, page), { segmentKey: key, segmentValue: value });
    return segmentColumns(list, to);
  }, [href, workspace, model, key, list]);
  const rows = useMemo(
    () => list.values.filter(({ value }) => nameSegmentValue(value).toLowerCase().includes(search)),
    [list, search],
  );
  return (
    <DataTable
      name={`Segments by ${key}`}
      columns={columns}
      rows={rows}
      rowKey={({ value }) => value}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={
        <>
          <h2 className="font-semibold text-base">
            {formatCount(list.values.length)} values of <span className="font-mono">{key}</span>{" "}
            <span className="font-normal text-ink-3 text-xs">
              {list.reference === null
                ? `not compared: ${list.referenceLack}`
                : `against ${list.reference.label}`}
              {list.comparedCount < list.values.length &&
                `; the ${formatCount(list.comparedCount)} largest are compared feature by feature`}
            </span>
          </h2>
          {list.values.length >= searchedFrom && <SearchInput label="Find a value" />}
        </>
      }
      empty={
        list.values.length === 0
          ? "No row of this window has been profiled by this key yet."
          : "No value is called that."
      }
    />
  );
}

/** Real, and no mere chance: shown in ink; the rest in grey. */
const inkOf = (isReal: boolean) => (isReal ? undefined : "text-ink-3");

const points = (difference: number | null) => {
  if (difference === null) return "–";
  const size = Number((difference * 100).toFixed(1));
  return `${size > 0 ? "+" : ""}${formatNumber(size)}`;
};

function InnerLink({
  href,
  children,
  label,
}: {
  href: string;
  children: ReactNode;
  label: string;
}) {
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={label}
      className="relative z-1 inline-flex items-center gap-1.5 whitespace-nowrap hover:text-accent hover:underline"
    >
      {children}
    </Link>
  );
}

function segmentColumns(list: SegmentList, to: Href): Column<SegmentRow>[] {
  const { metric, falseDiscoveryRate } = list;
  const isShare = metric === "accuracy";
  const say = (value: number | null) => (isShare ? formatShare(value) : formatNumber(value));
  const isWorse = ({ performance }: SegmentRow) =>
    performance?.difference != null &&
    (performance.adjustedPValue ?? 1) <= falseDiscoveryRate &&
    (metric === "mae" ? performance.difference > 0 : performance.difference < 0);
  return [
    {
      id: "value",
      header: "Segment",
      sortBy: ({ value }) => nameSegmentValue(value),
      csv: ({ value }) => value,
      cell: ({ value }) => (
        <RowLink
          href={to("drift", value)}
          className="block max-w-32 truncate font-medium font-mono sm:max-w-56"
        >
          {nameSegmentValue(value)}
        </RowLink>
      ),
    },
    {
      id: "rows",
      header: "Rows",
      isRight: true,
      sortBy: ({ rowCount }) => rowCount,
      csv: ({ rowCount }) => rowCount,
      cell: ({ rowCount }) => formatCount(rowCount),
    },
    {
      id: "share",
      header: "Share",
      isRight: true,
      from: "sm",
      sortBy: ({ share }) => share,
      csv: ({ share }) => share,
      cell: ({ share }) => formatShare(share),
    },
    {
      id: "mix",
      header: "Change, points",
      isRight: true,
      from: "md",
      sortBy: ({ mix }) => mix?.difference ?? null,
      csv: ({ mix }) => mix?.difference ?? null,
      cell: ({ mix }) =>
        mix === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <span
            className={inkOf(mix.adjustedPValue <= falseDiscoveryRate)}
            title={`${points(mix.lower)} to ${points(mix.upper)} points with 95 %, from ${formatShare(mix.referenceShare)}; p adjusted ${formatPValue(mix.adjustedPValue)}`}
          >
            {points(mix.difference)}
          </span>
        ),
    },
    {
      id: "drift",
      header: "Drifts",
      isRight: true,
      sortBy: ({ drift }) => drift?.foundCount ?? null,
      csv: ({ drift }) => drift?.foundCount ?? null,
      cell: ({ value, drift }) =>
        drift === null ? (
          <span className="text-ink-3" title="Nothing to compare it with">
            cannot say
          </span>
        ) : (
          <InnerLink
            href={to("drift", value)}
            label={`Drift of ${nameSegmentValue(value)}: ${formatCount(drift.foundCount)} of ${formatCount(drift.size)}`}
          >
            {drift.foundCount > 0 && <StatusShape status="watch" size={10} />}
            {drift.cannotSayCount === drift.size ? (
              <span className="text-ink-3">cannot say</span>
            ) : (
              <span className={inkOf(drift.foundCount > 0)}>
                {formatCount(drift.foundCount)} of {formatCount(drift.size)}
              </span>
            )}
          </InnerLink>
        ),
    },
    ...(metric === null
      ? []
      : performanceColumns({ name: nameMetric(metric), say, isShare, isWorse, to })),
    {
      id: "quality",
      header: "Problems",
      isRight: true,
      from: "md",
      sortBy: ({ quality }) => quality?.foundCount ?? null,
      csv: ({ quality }) => quality?.foundCount ?? null,
      cell: ({ value, quality }) =>
        quality === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <InnerLink
            href={to("quality", value)}
            label={`Quality of ${nameSegmentValue(value)}: ${quality.foundCount} problems`}
          >
            {quality.foundCount > 0 && <StatusShape status="watch" size={10} />}
            <span className={inkOf(quality.foundCount > 0)}>
              {formatCount(quality.foundCount)} of {formatCount(quality.size)}
            </span>
          </InnerLink>
        ),
    },
    {
      id: "missing",
      header: "Missing",
      isRight: true,
      from: "lg",
      isOptional: true,
      sortBy: ({ missingShare }) => missingShare,
      csv: ({ missingShare }) => missingShare,
      cell: ({ missingShare }) => formatShare(missingShare),
    },
    {
      id: "seen",
      header: "Last seen",
      isRight: true,
      from: "lg",
      sortBy: ({ lastSeenAt }) => (lastSeenAt === null ? null : Date.parse(lastSeenAt)),
      csv: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ value, lastSeenAt }) =>
        lastSeenAt === null ? (
          <span className="text-ink-3">not in this window</span>
        ) : (
          <InnerLink
            href={to("freshness", value)}
            label={`Freshness and volume of ${nameSegmentValue(value)}`}
          >
            <TimeText iso={lastSeenAt} />
          </InnerLink>
        ),
    },
  ];
}

function performanceColumns({
  name,
  say,
  isShare,
  isWorse,
  to,
}: {
  name: string;
  say: (value: number | null) => string;
  isShare: boolean;
  isWorse: (row: SegmentRow) => boolean;
  to: Href;
}): Column<SegmentRow>[] {
  const by = (value: number | null) => (isShare ? points(value) : formatNumber(value));
  return [
    {
      id: "performance",
      header: name.charAt(0).toUpperCase() + name.slice(1),
      isRight: true,
      sortBy: ({ performance }) => performance?.value ?? null,
      csv: ({ performance }) => performance?.value ?? null,
      cell: (row) => {
        const { value, performance } = row;
        if (performance === null || performance.value === null)
          return <span className="text-ink-3">no labels</span>;
        const { lower, upper, labelledCount } = performance;
        const interval = lower === null || upper === null ? "" : `${say(lower)} to ${say(upper)}`;
        return (
          <InnerLink
            href={to("performance", value)}
            label={`Performance of ${nameSegmentValue(value)}: ${say(performance.value)}`}
          >
            {isWorse(row) && <StatusShape status="watch" size={10} />}
            <span title={`${formatCount(labelledCount)} labelled rows`}>
              {say(performance.value)}
            </span>
            <span className="text-ink-3 text-xs max-xl:hidden">{interval}</span>
          </InnerLink>
        );
      },
    },
    {
      id: "against",
      header: isShare ? "Against others, points" : "Against others",
      isRight: true,
      from: "md",
      sortBy: ({ performance }) => performance?.difference ?? null,
      csv: ({ performance }) => performance?.difference ?? null,
      cell: (row) => {
        const { performance } = row;
        if (performance === null || performance.difference === null)
          return <span className="text-ink-3">–</span>;
        const { difference, differenceLower, differenceUpper, adjustedPValue } = performance;
        return (
          <span
            className={inkOf((adjustedPValue ?? 1) <= FALSE_DISCOVERY_RATE)}
            title={`all other rows ${say(performance.restValue)}; p adjusted ${formatPValue(adjustedPValue)}`}
          >
            {by(difference)}{" "}
            <span className="text-ink-3 text-xs max-xl:hidden">
              {by(differenceLower)} to {by(differenceUpper)}
            </span>
          </span>
        );
      },
    },
  ];
}
