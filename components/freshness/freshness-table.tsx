"use client";

import { useMemo } from "react";
import type { Freshness } from "#lib/api/freshness.ts";
import { formatCount, formatDuration, formatShare } from "#lib/charts/format-number.ts";
import { SearchInput } from "../shell/search-input.tsx";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NameText } from "../ui/name-text.tsx";
import { TimeText } from "../ui/time-text.tsx";

type FeatureFreshness = Freshness["features"][number];

/** Oldest first: the feature whose values are stale. */
export function FreshnessTable({ freshness }: { freshness: Freshness }) {
  const { get } = useUrlState();
  const [sort, onSort] = useSort();
  const search = (get("q") ?? "").toLowerCase();
  const rows = useMemo(
    () =>
      freshness.features
        .filter(({ feature }) => feature.toLowerCase().includes(search))
        .sort(
          (a, b) =>
            (b.ageMs?.p50 ?? -1) - (a.ageMs?.p50 ?? -1) ||
            (b.missingShare ?? -1) - (a.missingShare ?? -1),
        ),
    [freshness, search],
  );
  return (
    <DataTable
      name="Features by age"
      columns={columns}
      rows={rows}
      rowKey={({ feature }) => feature}
      sort={sort}
      onSort={onSort}
      toolbar={
        <>
          <h2 className="mr-2 font-semibold text-base">Features</h2>
          <SearchInput label="Find a feature" />
        </>
      }
      empty="No feature is called that."
    />
  );
}

const none = <span className="text-ink-3">not sent</span>;

const columns: Column<FeatureFreshness>[] = [
  {
    id: "feature",
    header: "Feature",
    sortBy: ({ feature }) => feature,
    csv: ({ feature }) => feature,
    cell: ({ feature }) => <NameText text={feature} className="max-w-64 font-mono" />,
  },
  {
    id: "age",
    header: "Age, median",
    isRight: true,
    sortBy: ({ ageMs }) => ageMs?.p50 ?? null,
    csv: ({ ageMs }) => ageMs?.p50 ?? null,
    cell: ({ ageMs }) => (ageMs === null ? none : formatDuration(ageMs.p50)),
  },
  {
    id: "age99",
    header: "Age, p99",
    isRight: true,
    from: "sm",
    sortBy: ({ ageMs }) => ageMs?.p99 ?? null,
    csv: ({ ageMs }) => ageMs?.p99 ?? null,
    cell: ({ ageMs }) => (ageMs === null ? none : formatDuration(ageMs.p99)),
  },
  {
    id: "newest",
    header: "Newest value",
    isRight: true,
    from: "md",
    sortBy: ({ newestFeatureAt }) =>
      newestFeatureAt === null ? null : Date.parse(newestFeatureAt),
    csv: ({ newestFeatureAt }) => newestFeatureAt,
    cell: ({ newestFeatureAt }) =>
      newestFeatureAt === null ? none : <TimeText iso={newestFeatureAt} />,
  },
  {
    id: "seen",
    header: "Last seen",
    isRight: true,
    from: "sm",
    sortBy: ({ lastSeenEverAt }) => (lastSeenEverAt === null ? null : Date.parse(lastSeenEverAt)),
    csv: ({ lastSeenEverAt }) => lastSeenEverAt,
    cell: ({ lastSeenEverAt }) =>
      lastSeenEverAt === null ? (
        <span className="text-ink-3">never</span>
      ) : (
        <TimeText iso={lastSeenEverAt} />
      ),
  },
  {
    id: "missing",
    header: "Missing",
    isRight: true,
    sortBy: ({ missingShare }) => missingShare,
    csv: ({ missingShare }) => missingShare,
    cell: ({ missingShare }) => formatShare(missingShare),
  },
  {
    id: "rows",
    header: "Rows",
    isRight: true,
    from: "md",
    sortBy: ({ rowCount }) => rowCount,
    csv: ({ rowCount }) => rowCount,
    cell: ({ rowCount }) => formatCount(rowCount),
  },
];
