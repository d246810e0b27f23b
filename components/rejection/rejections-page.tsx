"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RejectionList } from "#lib/api/rejection.ts";
import { rejectionListQuery } from "#lib/api/rejection.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { prepareRejectionAnswer } from "#lib/charts/prepare-rejection-answer.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { RangePicker } from "../shell/range-picker.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

type Rejection = RejectionList["rejections"][number];

const refetchMs = 15_000;
const everyCode = "*";

export function RejectionsPage({ workspace }: { workspace: string }) {
  const scope = useScope();
  const { get, set } = useUrlState();
  const code = get("code");
  const query = useQuery({
    ...rejectionListQuery(workspace, { ...scope.range, ...(code !== undefined && { code }) }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  const counts = query.data?.counts ?? [];
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Refused rows", href: null }]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data ? prepareRejectionAnswer(query.data, scope.rangeText, code) : null}
        controls={
          <>
            <Select
              label="Reason"
              className="max-w-56"
              value={code ?? everyCode}
              options={[
                { value: everyCode, label: "All reasons" },
                ...counts.map((each) => ({
                  value: each.code,
                  label: each.code,
                  hint: formatCount(each.rowCount),
                })),
                ...(code !== undefined && !counts.some((each) => each.code === code)
                  ? [{ value: code, label: code }]
                  : []),
              ]}
              onChange={(value) => set({ code: value === everyCode ? null : value })}
            />
            <RangePicker />
          </>
        }
      />
      <PageBody>
        <QueryView query={query} what="The refused rows" skeleton={<SkeletonTable rows={8} />}>
          {(list) =>
            list.rejections.length === 0 ? (
              <EmptyState title="Nothing to look at">
                Rows that break the contract are kept here with their reason, the place in the row,
                and the row as it came.
              </EmptyState>
            ) : (
              <RejectionTable rejections={list.rejections} />
            )
          }
        </QueryView>
      </PageBody>
    </>
  );
}

function RejectionTable({ rejections }: { rejections: readonly Rejection[] }) {
  const [sort, onSort] = useSort();
  const rows = useMemo(
    () =>
      rejections.map((rejection, index) => ({
        ...rejection,
        key: `${rejection.receivedAt} ${index}`,
      })),
    [rejections],
  );
  return (
    <DataTable
      name="Refused rows"
      columns={columns}
      rows={rows}
      rowKey={({ key }) => key}
      sort={sort}
      onSort={onSort}
      toolbar={<h2 className="font-semibold text-base">The newest {rejections.length}</h2>}
      empty="No row was refused."
    />
  );
}

const columns: Column<Rejection & { key: string }>[] = [
  {
    id: "time",
    header: "Received",
    width: "110px",
    sortBy: ({ receivedAt }) => Date.parse(receivedAt),
    csv: ({ receivedAt }) => receivedAt,
    cell: ({ receivedAt }) => <TimeText iso={receivedAt} />,
  },
  {
    id: "code",
    header: "Reason",
    sortBy: ({ code }) => code,
    csv: ({ code }) => code,
    cell: ({ code }) => <span className="whitespace-nowrap font-mono">{code}</span>,
  },
  {
    id: "message",
    header: "What was wrong",
    csv: ({ path, message }) => `${path}: ${message}`,
    cell: ({ path, message }) => (
      <span className="block min-w-40 max-w-[56ch] sm:min-w-56 py-1">
        {path !== "" && <span className="font-mono text-ink-2">{path} </span>}
        {message}
      </span>
    ),
  },
  {
    id: "model",
    header: "Model",
    from: "md",
    sortBy: ({ model }) => model,
    csv: ({ model }) => model,
    cell: ({ model }) => <span className="block max-w-40 truncate font-mono">{model || "–"}</span>,
  },
  {
    id: "row",
    header: "The row",
    from: "lg",
    csv: ({ row }) => row,
    cell: ({ row }) => (
      <code className="block max-w-72 truncate font-mono text-ink-2 text-xs" title={row}>
        {row}
      </code>
    ),
  },
];
