"use client";

import Link from "next/link";
import { Fragment, useMemo } from "react";
import type { WorstSegments } from "#lib/api/segment.ts";
import { formatCount, formatNumber, formatPValue, formatShare } from "#lib/charts/format-number.ts";
import { describeSegment } from "#lib/charts/name-segment.ts";
import { paths } from "../shell/paths.ts";
import type { Scope } from "../shell/use-scope.ts";
import { useScope } from "../shell/use-scope.ts";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";

type Finding = WorstSegments["findings"][number];

const nameOf = ({ conditions }: Finding) => conditions.map(describeSegment).join(" and ");

/** Where the model is worse than elsewhere by more than chance; nothing where it is nowhere. */
export function WorstTable({
  workspace,
  model,
  worst,
}: {
  workspace: string;
  model: string;
  worst: WorstSegments;
}) {
  const scope = useScope();
  const [sort, onSort] = useSort();
  const columns = useMemo(
    () => worstColumns(workspace, model, scope, worst.loss),
    [workspace, model, scope, worst.loss],
  );
  if (worst.findings.length === 0) return null;
  return (
    <DataTable
      name="Worst segments"
      columns={columns}
      rows={worst.findings}
      rowKey={nameOf}
      sort={sort?.id.startsWith("worst-") === true ? sort : null}
      onSort={onSort}
      toolbar={
        <h2 className="font-semibold text-base">
          Worst segments{" "}
          <span className="font-normal text-ink-3 text-xs">
            of {formatCount(worst.candidateCount)} tested, against all rows outside
            {worst.findingCount > worst.findings.length &&
              `; the ${worst.findings.length} worst of ${worst.findingCount}`}
          </span>
        </h2>
      }
      empty="No segment is worse than elsewhere."
    />
  );
}

function worstColumns(
  workspace: string,
  model: string,
  scope: Scope,
  loss: WorstSegments["loss"],
): Column<Finding>[] {
  const isRate = loss !== "absolute_error";
  const say = (value: number | null) => (isRate ? formatShare(value) : formatNumber(value));
  const range = (lower: number | null, upper: number | null) =>
    lower === null || upper === null ? "" : `${say(lower)} to ${say(upper)}`;
  const points = (value: number) =>
    isRate ? `${formatNumber(Number((value * 100).toFixed(1)))} points` : formatNumber(value);
  return [
    {
      id: "worst-segment",
      header: "Segment",
      sortBy: nameOf,
      csv: nameOf,
      cell: ({ conditions }) => (
        <span className="flex max-w-96 flex-wrap items-baseline gap-x-1.5 py-1.5">
          {conditions.map((one, i) => (
            <Fragment key={one.key}>
              {i > 0 && <span className="text-ink-3 text-xs">and</span>}
              <Link
                prefetch={false}
                href={scope.href(paths.model(workspace, model, "performance"), {
                  segmentKey: one.key,
                  segmentValue: one.value,
                })}
                className="break-all font-medium font-mono hover:text-accent hover:underline"
              >
                {describeSegment(one)}
              </Link>
            </Fragment>
          ))}
        </span>
      ),
    },
    {
      id: "worst-loss",
      header: isRate ? "Wrong" : "Mean error",
      isRight: true,
      sortBy: (row) => row.loss,
      csv: (row) => row.loss,
      cell: (row) => (
        <span className="whitespace-nowrap">
          {say(row.loss)}{" "}
          <span className="text-ink-3 text-xs max-md:hidden">{range(row.lower, row.upper)}</span>
        </span>
      ),
    },
    {
      id: "worst-rest",
      header: "Elsewhere",
      isRight: true,
      sortBy: (row) => row.restLoss,
      csv: (row) => row.restLoss,
      cell: (row) => <span className="text-ink-2">{say(row.restLoss)}</span>,
    },
    {
      id: "worst-difference",
      header: "Worse by",
      isRight: true,
      from: "sm",
      sortBy: (row) => row.difference,
      csv: (row) => row.difference,
      cell: (row) => (
        <span className="whitespace-nowrap">
          {points(row.difference)}{" "}
          <span className="text-ink-3 text-xs max-lg:hidden">
            {points(row.differenceLower)} to {points(row.differenceUpper)}
          </span>
        </span>
      ),
    },
    {
      id: "worst-rows",
      header: "Labelled rows",
      isRight: true,
      from: "sm",
      sortBy: (row) => row.rowCount,
      csv: (row) => row.rowCount,
      cell: (row) => formatCount(row.rowCount),
    },
    {
      id: "worst-p",
      header: "p, adjusted",
      isRight: true,
      from: "lg",
      sortBy: (row) => row.adjustedPValue,
      csv: (row) => row.adjustedPValue,
      cell: (row) => formatPValue(row.adjustedPValue),
    },
  ];
}
