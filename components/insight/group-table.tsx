"use client";

import type { Insight } from "#lib/api/insight.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { measureNames } from "#lib/charts/prepare-insight-answer.ts";
import type { InsightMeasure } from "#lib/domain/insight.ts";
import { insightMeasures } from "#lib/domain/insight.ts";
import { causeClassSchema } from "#lib/domain/monitor.ts";
import { causeNames } from "#lib/rules/describe-incident.ts";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Segmented } from "../ui/segmented.tsx";

type Group = Insight["byTeam"][number];

const views = ["team", "model", "cause"] as const;
type View = (typeof views)[number];

/** The same figures for each team, model or cause. */
export function GroupTable({ insight }: { insight: Insight }) {
  const { get, set } = useUrlState();
  const view = views.find((one) => one === get("by")) ?? "team";
  const [sort, onSort] = useSort("groups");
  const rows = { team: insight.byTeam, model: insight.byModel, cause: insight.byCause }[view];
  return (
    <DataTable
      name={`Incidents by ${view}`}
      columns={columnsFor(view, insight)}
      rows={rows}
      rowKey={({ name }) => name ?? ""}
      sort={sort}
      onSort={onSort}
      toolbar={
        <>
          <h2 className="font-semibold text-base">By</h2>
          <Segmented
            label="By"
            value={view}
            options={[
              { value: "team", label: "Team" },
              { value: "model", label: "Model" },
              { value: "cause", label: "Cause" },
            ]}
            onChange={(value) => set({ by: value === "team" ? null : value }, "replace")}
          />
        </>
      }
      empty="No incident."
    />
  );
}

const summaryOf = ({ durations }: Group, measure: InsightMeasure) =>
  durations.find((one) => one.measure === measure);

const columnsFor = (view: View, insight: Insight): Column<Group>[] => [
  {
    id: "name",
    header: { team: "Team", model: "Model", cause: "Cause" }[view],
    sortBy: (group) => nameOf(view, group),
    csv: (group) => nameOf(view, group),
    cell: (group) => <span className="font-medium">{nameOf(view, group)}</span>,
  },
  {
    id: "incidents",
    header: "Incidents",
    isRight: true,
    sortBy: ({ incidentCount }) => incidentCount,
    csv: ({ incidentCount }) => incidentCount,
    cell: ({ incidentCount }) => <span className="tabular">{incidentCount}</span>,
  },
  ...insightMeasures.map(
    (measure): Column<Group> => ({
      id: measure,
      header: `${measureNames[measure]}, median (p90)`,
      isRight: true,
      ...(measure === "acknowledge" || measure === "resolve" ? {} : { from: "lg" as const }),
      sortBy: (group) => summaryOf(group, measure)?.medianMs ?? null,
      csv: (group) => summaryOf(group, measure)?.medianMs ?? null,
      cell: (group) => {
        const summary = summaryOf(group, measure);
        if (summary === undefined || summary.medianMs === null)
          return <span className="text-ink-3">none of {group.incidentCount}</span>;
        return (
          <span className="tabular" title={insight.definitions[measure]}>
            {formatDuration(summary.medianMs)}{" "}
            <span className="text-ink-3">
              ({formatDuration(summary.p90Ms)}, of {summary.count})
            </span>
          </span>
        );
      },
    }),
  ),
];

function nameOf(view: View, { name }: Group): string {
  if (name === null) return view === "team" ? "No team" : "No model";
  const cause = causeClassSchema.safeParse(name);
  return view === "cause" && cause.success ? causeNames[cause.data] : name;
}
