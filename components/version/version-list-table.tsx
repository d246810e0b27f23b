"use client";

import { useMemo } from "react";
import type { VersionList, VersionRow } from "#lib/api/version.ts";
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
} from "#lib/charts/format-number.ts";
import { firstMetric, nameMetric, sayUndefined } from "#lib/charts/name-metric.ts";
import { sayInterval } from "#lib/charts/prepare-performance-answer.ts";
import { prepareShareline } from "#lib/charts/prepare-shareline.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { paths } from "../shell/paths.ts";
import type { Scope } from "../shell/use-scope.ts";
import { useScope } from "../shell/use-scope.ts";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";

export interface VersionListTableProps {
  workspace: string;
  model: string;
  list: VersionList;
}

/** One row a version: how much it serves and how well. A row opens the model's pages in that version. */
export function VersionListTable({ workspace, model, list }: VersionListTableProps) {
  const scope = useScope();
  const [sort, onSort] = useSort();
  const columns = useMemo(
    () => versionColumns(list, scope, paths.model(workspace, model)),
    [list, scope, workspace, model],
  );
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <DataTable
        name="Versions"
        columns={columns}
        rows={list.versions}
        rowKey={({ version }) => version}
        sort={sort}
        onSort={onSort}
        hasKeys
        isRowActive={({ version }) => version === scope.version}
        toolbar={<h2 className="font-semibold text-base">Versions</h2>}
        empty={
          list.isWaiting
            ? "No row of this window is profiled yet."
            : "No version has sent a row in this window."
        }
      />
      <p className="text-ink-3 text-xs">
        {list.silentCount > 0 &&
          !list.isWaiting &&
          `${formatCount(list.silentCount)} more ${list.silentCount === 1 ? "version has" : "versions have"} no row in this window. `}
        {list.versions.length > list.detailedMax &&
          `Drift, performance and latency are read of the ${list.detailedMax} versions with most rows.`}
      </p>
    </div>
  );
}

const dash = <span className="text-ink-3">–</span>;

function versionColumns(list: VersionList, scope: Scope, base: string): Column<VersionRow>[] {
  const { environment, task } = list;
  const metric = firstMetric(task);
  const hrefOf = (version: string, page: string) =>
    scope.href(`${base}${page}`, { environment, version });
  const metricOf = ({ detail }: VersionRow) =>
    metric === null ? undefined : detail?.metrics[metric];
  const estimateOf = ({ detail }: VersionRow) =>
    metric === null ? undefined : detail?.estimates[metric];
  const judged: Column<VersionRow>[] =
    metric === null
      ? []
      : [
          {
            id: "performance",
            header: nameMetric(metric).replace(/^./, (first) => first.toUpperCase()),
            isRight: true,
            sortBy: (row) => metricOf(row)?.value ?? null,
            csv: (row) => metricOf(row)?.value ?? null,
            cell: (row) => {
              const one = metricOf(row);
              if (one === undefined) return dash;
              if (one.value === null)
                return (
                  <span className="text-ink-3" title={sayUndefined(one.undefinedReason)}>
                    {row.detail?.labelledCount === 0 ? "no labels" : "undefined"}
                  </span>
                );
              return (
                <span
                  className="whitespace-nowrap"
                  title={`${formatCount(one.sampleCount)} labelled rows, ${formatShare(row.detail?.coverage ?? null)} of all`}
                >
                  {sayInterval(one.value, one.lower, one.upper)}
                </span>
              );
            },
          },
          {
            id: "estimate",
            header: "Estimated",
            isRight: true,
            from: "lg",
            isOptional: true,
            sortBy: (row) => estimateOf(row)?.value ?? null,
            csv: (row) => estimateOf(row)?.value ?? null,
            cell: (row) => {
              const one = estimateOf(row);
              if (one === undefined) return dash;
              return (
                <span
                  className={`whitespace-nowrap ${one.distrust === null ? "" : "text-ink-3"}`}
                  title={
                    one.distrust === null
                      ? "Without labels, of the newest stretch that has an estimate"
                      : `Not to be trusted: ${one.distrust}`
                  }
                >
                  {sayInterval(one.value, one.lower, one.upper)}
                  {one.distrust !== null && " ?"}
                </span>
              );
            },
          },
        ];
  return [
    {
      id: "version",
      header: "Version",
      sortBy: ({ version }) => version,
      csv: ({ version }) => version,
      cell: ({ version }) => (
        <RowLink href={hrefOf(version, "")} className="block max-w-56 truncate font-mono">
          {version}
        </RowLink>
      ),
    },
    {
      id: "rows",
      header: "Rows",
      isRight: true,
      sortBy: ({ rowCount }) => rowCount,
      csv: ({ rowCount }) => rowCount,
      cell: ({ rowCount, share }) => (
        <span className="whitespace-nowrap">
          {formatCount(rowCount)} <span className="text-ink-3">{formatShare(share)}</span>
        </span>
      ),
    },
    {
      id: "shares",
      header: "Share over time",
      from: "lg",
      csv: () => null,
      cell: ({ shares }) => <Sparkline model={prepareShareline(shares)} />,
    },
    {
      id: "drift",
      header: "Drifted",
      isRight: true,
      from: "sm",
      sortBy: ({ detail }) => detail?.drift?.driftCount ?? null,
      csv: ({ detail }) => detail?.drift?.driftCount ?? null,
      cell: ({ detail, version }) => {
        const drift = detail?.drift ?? null;
        if (drift === null)
          return <span className="text-ink-3">{detail === null ? "–" : "no baseline"}</span>;
        const { driftCount, noDriftCount, cannotSayCount } = drift;
        const of = driftCount + noDriftCount + cannotSayCount;
        const isBorrowed = drift.baselineVersion !== version;
        return (
          <span
            className="whitespace-nowrap"
            title={`Against ${drift.baselineName}; ${cannotSayCount} cannot be judged`}
          >
            {driftCount} of {of}
            {isBorrowed && <span className="text-ink-3"> against {drift.baselineVersion}</span>}
          </span>
        );
      },
    },
    ...judged,
    {
      id: "latency",
      header: "Latency p50, p95",
      isRight: true,
      from: "md",
      isOptional: true,
      sortBy: ({ detail }) => detail?.latencyMs?.p95 ?? null,
      csv: ({ detail }) =>
        detail?.latencyMs == null ? null : `${detail.latencyMs.p50} and ${detail.latencyMs.p95}`,
      cell: ({ detail }) => {
        const latency = detail?.latencyMs ?? null;
        if (latency === null) return <span className="text-ink-3">not sent</span>;
        const say = (ms: number) => formatDuration(Number(ms.toPrecision(3)));
        return (
          <span
            className="whitespace-nowrap"
            title={`${formatNumber(latency.count)} rows with a latency`}
          >
            {say(latency.p50)}, {say(latency.p95)}
          </span>
        );
      },
    },
    {
      id: "baseline",
      header: "Baseline",
      from: "xl",
      isOptional: true,
      sortBy: ({ hasBaseline }) => (hasBaseline ? 1 : 0),
      csv: ({ hasBaseline }) => String(hasBaseline),
      cell: ({ hasBaseline }) =>
        hasBaseline ? "its own" : <span className="text-ink-3">none</span>,
    },
    {
      id: "first",
      header: "First seen",
      isRight: true,
      from: "xl",
      isOptional: true,
      sortBy: ({ firstSeenAt }) => (firstSeenAt === null ? null : Date.parse(firstSeenAt)),
      csv: ({ firstSeenAt }) => firstSeenAt,
      cell: ({ firstSeenAt }) => (firstSeenAt === null ? dash : <TimeText iso={firstSeenAt} />),
    },
    {
      id: "last",
      header: "Last seen",
      isRight: true,
      from: "md",
      sortBy: ({ lastSeenAt }) => (lastSeenAt === null ? null : Date.parse(lastSeenAt)),
      csv: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => (lastSeenAt === null ? dash : <TimeText iso={lastSeenAt} />),
    },
  ];
}
