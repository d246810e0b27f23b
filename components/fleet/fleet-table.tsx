"use client";

import Link from "next/link";
import { useMemo } from "react";
import type { Fleet } from "#lib/api/fleet.ts";
import { formatChange, formatCount, formatCountExact } from "#lib/charts/format-number.ts";
import { prepareSparkline } from "#lib/charts/prepare-sparkline.ts";
import { plural } from "#lib/charts/sentence.ts";
import { healthStates } from "#lib/domain/health.ts";
import { severities, severityNames } from "#lib/domain/incident.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { paths } from "../shell/paths.ts";
import { SearchInput } from "../shell/search-input.tsx";
import type { Scope } from "../shell/use-scope.ts";
import { useScope } from "../shell/use-scope.ts";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { TimeText } from "../ui/time-text.tsx";

type FleetModel = Fleet["models"][number];

/** Worst first, as the server ranks them; a column's head turns that over. */
export function FleetTable({ workspace, fleet }: { workspace: string; fleet: Fleet }) {
  const { get } = useUrlState();
  const [sort, onSort] = useSort();
  const scope = useScope();
  const search = (get("q") ?? "").toLowerCase();
  const columns = useMemo(() => fleetColumns(workspace, scope), [workspace, scope]);
  const rows = useMemo(
    () =>
      fleet.models
        .filter(({ name }) => name.toLowerCase().includes(search))
        .sort((a, b) => healthStates.indexOf(a.health) - healthStates.indexOf(b.health)),
    [fleet, search],
  );
  return (
    <DataTable
      name="Models"
      columns={columns}
      rows={rows}
      rowKey={({ id, environment, version }) => `${id} ${environment} ${version}`}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={
        <>
          <SearchInput label="Find a model" />
          {search !== "" && (
            <span className="tabular text-ink-3 text-xs">
              {rows.length} of {fleet.models.length}
            </span>
          )}
        </>
      }
      empty={`No model is called "${search}".`}
    />
  );
}

function fleetColumns(workspace: string, scope: Scope): Column<FleetModel>[] {
  return [
    {
      id: "health",
      header: "Health",
      width: "104px",
      sortBy: ({ health }) => healthStates.indexOf(health),
      csv: ({ health }) => health,
      cell: ({ health }) => <StatusMark status={health} />,
    },
    {
      id: "model",
      header: "Model",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ name, environment, version, versionCount, reasons }) => (
        <span className="flex min-w-0 items-baseline gap-2 max-md:flex-col max-md:gap-0 max-md:py-1.5">
          <RowLink
            href={scope.href(paths.model(workspace, name), { environment })}
            className="block max-w-44 truncate font-medium font-mono sm:max-w-56"
          >
            {name}
          </RowLink>
          <span className="block max-w-44 truncate text-ink-2 text-xs md:hidden">{reasons[0]}</span>
          <span className="max-w-40 truncate text-ink-3 text-xs max-lg:hidden">
            {environment === "production" ? "" : `${environment}, `}
            {versionCount > 1 ? `${versionCount} versions` : version}
          </span>
        </span>
      ),
    },
    {
      id: "incident",
      header: "Incident",
      from: "sm",
      width: "104px",
      sortBy: ({ incident }) => (incident === null ? null : severities.indexOf(incident.severity)),
      csv: ({ incident }) => incident?.number ?? null,
      cell: ({ incident }) =>
        incident === null ? (
          <span className="text-ink-3">none</span>
        ) : (
          <Link
            href={paths.incident(workspace, incident.number)}
            prefetch={false}
            // Above the link of the whole row.
            className="relative z-[1] whitespace-nowrap text-accent hover:underline"
            title={`${severityNames[incident.severity]}, ${incident.state}`}
          >
            #{incident.number}
            {incident.openCount > 1 && ` +${incident.openCount - 1}`}
          </Link>
        ),
    },
    {
      id: "why",
      header: "Why",
      from: "md",
      csv: ({ reasons }) => reasons.join("; "),
      cell: ({ reasons }) => <Reasons reasons={reasons} />,
    },
    {
      id: "drift",
      header: "Drift",
      isRight: true,
      from: "sm",
      width: "96px",
      sortBy: ({ driftCount, hasBaseline }) => (hasBaseline ? driftCount : null),
      csv: ({ driftCount }) => driftCount,
      cell: (model) => <DriftCount model={model} />,
    },
    {
      id: "volume",
      header: "Rows over time",
      from: "lg",
      width: "140px",
      csv: ({ volume }) => volume.join(" "),
      cell: ({ volume }) => <Sparkline model={prepareSparkline(volume)} />,
    },
    {
      id: "rows",
      header: "Count",
      isRight: true,
      width: "84px",
      sortBy: ({ rowCount }) => rowCount,
      csv: ({ rowCount }) => rowCount,
      cell: ({ rowCount }) => (
        <span title={`${formatCountExact(rowCount)} rows`}>{formatCount(rowCount)}</span>
      ),
    },
    {
      id: "change",
      header: "Change",
      isRight: true,
      from: "xl",
      width: "96px",
      isOptional: true,
      sortBy: ({ rowCount, previousRowCount }) =>
        previousRowCount === 0 ? null : rowCount / previousRowCount,
      csv: ({ previousRowCount }) => previousRowCount,
      cell: ({ rowCount, previousRowCount }) => (
        <span
          className="text-ink-2"
          title={`${formatCountExact(previousRowCount)} rows in ${scope.beforeText}`}
        >
          {formatChange(rowCount, previousRowCount)}
        </span>
      ),
    },
    {
      id: "last",
      header: "Newest row",
      isRight: true,
      from: "sm",
      width: "110px",
      sortBy: ({ lastEventAt }) => (lastEventAt === null ? null : Date.parse(lastEventAt)),
      csv: ({ lastEventAt }) => lastEventAt,
      cell: ({ lastEventAt }) =>
        lastEventAt === null ? (
          <span className="text-ink-3">none</span>
        ) : (
          <TimeText iso={lastEventAt} />
        ),
    },
  ];
}

function Reasons({ reasons }: { reasons: readonly string[] }) {
  const [first, ...rest] = reasons;
  if (first === undefined) return null;
  return (
    <span
      className="flex min-w-0 max-w-[36ch] items-baseline gap-1.5 lg:max-w-[44ch]"
      title={reasons.join("\n")}
    >
      <span className="truncate text-ink-2">{first}</span>
      {rest.length > 0 && <span className="shrink-0 text-ink-3 text-xs">+{rest.length}</span>}
    </span>
  );
}

function DriftCount({ model }: { model: FleetModel }) {
  if (!model.hasBaseline) return <span className="whitespace-nowrap text-ink-3">no baseline</span>;
  const judged = `${model.driftCount} of ${model.featureCount}`;
  const blind = `${model.cannotSayCount} ${plural(model.cannotSayCount, "feature")} cannot be judged`;
  return (
    <span
      className={model.driftCount > 0 ? "font-medium" : "text-ink-2"}
      title={model.cannotSayCount > 0 ? blind : undefined}
    >
      {judged}
    </span>
  );
}
