"use client";

import { useMemo } from "react";
import type { SloSummary } from "#lib/api/slo.ts";
import { formatShare } from "#lib/charts/format-number.ts";
import { sayIndicator, sayPeriod } from "#lib/charts/say-indicator.ts";
import { healthStates } from "#lib/domain/health.ts";
import { sayObjective } from "#lib/rules/burn-rate.ts";
import { paths } from "../shell/paths.ts";
import { SearchInput } from "../shell/search-input.tsx";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { BudgetBar } from "./budget-bar.tsx";

/** The worst budget first, as the server ranks them. */
export function SloTable({ workspace, slos }: { workspace: string; slos: readonly SloSummary[] }) {
  const { get } = useUrlState();
  const [sort, onSort] = useSort();
  const search = (get("q") ?? "").toLowerCase();
  const columns = useMemo(() => sloColumns(workspace), [workspace]);
  const rows = slos.filter(({ name, model }) => `${name} ${model}`.toLowerCase().includes(search));
  return (
    <DataTable
      name="Objectives"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={<SearchInput label="Find an objective" />}
      empty={`No objective is called "${search}".`}
    />
  );
}

const burnWords = { page: "burns: page", ticket: "burns: ticket" } as const;

function sloColumns(workspace: string): Column<SloSummary>[] {
  return [
    {
      id: "health",
      header: "Health",
      width: "104px",
      sortBy: ({ budget }) => healthStates.indexOf(budget.health),
      csv: ({ budget }) => budget.health,
      cell: ({ budget }) => <StatusMark status={budget.health} />,
    },
    {
      id: "name",
      header: "Objective",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ id, name, model, isEnabled, burning }) => (
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 py-1.5">
          <RowLink href={paths.slo(workspace, id)} className="font-medium">
            {name}
          </RowLink>
          <span className="font-mono text-ink-3 text-xs">{model}</span>
          {burning !== null && <Badge>{burnWords[burning]}</Badge>}
          {!isEnabled && <Badge>off</Badge>}
        </span>
      ),
    },
    {
      id: "budget",
      header: "Budget left",
      width: "220px",
      sortBy: ({ budget }) => budget.remaining,
      csv: ({ budget }) => budget.remaining,
      cell: ({ budget }) => <BudgetBar budget={budget} />,
    },
    {
      id: "good",
      header: "Good is when",
      from: "lg",
      csv: ({ indicator }) => sayIndicator(indicator),
      cell: ({ indicator }) => <span className="text-ink-2">{sayIndicator(indicator)}</span>,
    },
    {
      id: "attained",
      header: "Attained",
      isRight: true,
      from: "md",
      width: "96px",
      sortBy: ({ budget }) => budget.attained,
      csv: ({ budget }) => budget.attained,
      cell: ({ budget }) => formatShare(budget.attained),
    },
    {
      id: "objective",
      header: "Promised",
      isRight: true,
      from: "md",
      width: "160px",
      sortBy: ({ objective }) => objective,
      csv: ({ objective }) => objective,
      cell: ({ objective, period }) => (
        <span className="whitespace-nowrap">
          {sayObjective(objective)} <span className="text-ink-3">of {sayPeriod(period)}</span>
        </span>
      ),
    },
  ];
}
