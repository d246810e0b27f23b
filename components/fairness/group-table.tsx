"use client";

import { useMemo } from "react";
import type { Fairness, FairnessGroup, Measured } from "#lib/api/fairness.ts";
import { formatCount, formatNumber, formatPValue } from "#lib/charts/format-number.ts";
import { gapWords, nameGroup, nameMeasure } from "#lib/charts/name-fairness.ts";
import type { GroupBar as GroupBarModel } from "#lib/charts/prepare-fairness.ts";
import { isErrorMeasure, prepareGroupBars, sayMeasured } from "#lib/charts/prepare-fairness.ts";
import { sayDifference } from "#lib/charts/say-difference.ts";
import type { FairnessMeasure, GapVerdict } from "#lib/domain/fairness.ts";
import { fairnessMeasureSchema, gapVerdictSchema } from "#lib/domain/fairness.ts";
import { GroupBar } from "../charts/group-bar.tsx";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Select } from "../ui/select.tsx";

interface GroupRow {
  group: FairnessGroup;
  measured: Measured;
}

/** Every group by one measure: its value, how far that is from the reference, and whether that is more than noise. */
export function GroupTable({ fairness }: { fairness: Fairness }) {
  const { get, set } = useUrlState();
  const [sort, onSort] = useSort();
  const measures = fairness.groups[0]?.measures.map(({ measure }) => measure) ?? [];
  const wanted = fairnessMeasureSchema.safeParse(get("measure")).data;
  const measure =
    wanted !== undefined && measures.includes(wanted) ? wanted : (measures[0] ?? "selection_rate");
  const rows = useMemo(
    () =>
      fairness.groups.flatMap((group): GroupRow[] => {
        const measured = group.measures.find((one) => one.measure === measure);
        return measured === undefined ? [] : [{ group, measured }];
      }),
    [fairness, measure],
  );
  const bars = useMemo(() => prepareGroupBars(fairness, measure), [fairness, measure]);
  const columns = useMemo(() => groupColumns(fairness, measure, bars), [fairness, measure, bars]);
  const text = nameMeasure(measure);
  return (
    <section aria-label="Groups by measure" className="flex min-w-0 flex-col gap-1.5">
      <DataTable
        name="Groups"
        columns={columns}
        rows={rows}
        rowKey={({ group }) => group.value}
        sort={sort}
        onSort={onSort}
        toolbar={
          <>
            <h2 className="mr-1 font-semibold text-base">Groups by</h2>
            <Select
              label="Measure"
              value={measure}
              options={measures.map((value) => ({
                value,
                label: nameMeasure(value).name,
                hint: nameMeasure(value).parity,
              }))}
              onChange={(value) => set({ measure: value })}
            />
            <span className="text-ink-3 text-sm">{text.parity}</span>
          </>
        }
        empty="No group has a row in this window."
      />
      <p className="text-ink-3 text-xs">
        {sayPositive(fairness, measure)}
        <span className="max-sm:hidden">{sayLines(fairness, measure)}</span>
        Intervals are of 95 %; p-values are adjusted over all groups and measures. Below{" "}
        {fairness.rule.rowCountMin} rows nothing is judged.
      </p>
      <div className="mt-1 grid max-w-[110ch] gap-x-8 gap-y-1 text-sm md:grid-cols-2">
        <p>
          <span className="font-medium">What it asks. </span>
          <span className="text-ink-2">{text.asks}</span>
        </p>
        <p>
          <span className="font-medium">When it misleads. </span>
          <span className="text-ink-2">{text.misleads}</span>
        </p>
      </div>
    </section>
  );
}

function sayPositive({ decisionSource, classes }: Fairness, measure: FairnessMeasure): string {
  if (classes === null || isErrorMeasure(measure)) return "";
  return `Selected means decided ${classes.positive}${decisionSource === "score" ? ", a score of at least 0.5" : ""}. `;
}

/** Of the bars, which a phone has no room for. */
function sayLines({ rule }: Fairness, measure: FairnessMeasure): string {
  if (measure === "selection_rate")
    return `Dashed: the reference; solid: ${rule.ratioMin} of it. Above ${rule.ratioMax} times it the reference itself is the one that is selected less. `;
  const within = sayTolerated(rule, measure);
  return `Dashed: the reference${within === null ? "" : `; solid: ${within} to either side, which are tolerated`}. `;
}

function sayTolerated(rule: Fairness["rule"], measure: FairnessMeasure): string | null {
  if (!isErrorMeasure(measure)) return `${formatNumber(rule.differenceMax * 100)} points`;
  return rule.errorDifferenceMax === null
    ? null
    : formatNumber(Number(rule.errorDifferenceMax.toPrecision(3)));
}

const verdictOrder = (verdict: GapVerdict | undefined) =>
  verdict === undefined ? null : gapVerdictSchema.options.indexOf(verdict);

function groupColumns(
  fairness: Fairness,
  measure: FairnessMeasure,
  bars: ReadonlyMap<string, GroupBarModel>,
): Column<GroupRow>[] {
  const { rule } = fairness;
  const ratio: Column<GroupRow> = {
    id: "ratio",
    header: "Ratio",
    isRight: true,
    from: "sm",
    sortBy: ({ measured }) => measured.gap?.ratio?.value ?? null,
    csv: ({ measured }) => measured.gap?.ratio?.value ?? null,
    cell: ({ measured }) => {
      const found = measured.gap?.ratio ?? null;
      if (found === null) return <span className="text-ink-3">–</span>;
      const say = (value: number) => formatNumber(Number(value.toPrecision(3)));
      return (
        <span className="whitespace-nowrap">
          {say(found.value)}{" "}
          <span className="text-ink-3">
            {say(found.lower)} to {say(found.upper)}
          </span>
        </span>
      );
    },
  };
  return [
    {
      id: "verdict",
      header: "Verdict",
      width: "108px",
      sortBy: ({ measured }) => verdictOrder(measured.gap?.verdict),
      csv: ({ measured }) => measured.gap?.verdict ?? null,
      cell: ({ group, measured }) => <VerdictCell group={group} measured={measured} />,
    },
    {
      id: "group",
      header: fairness.attribute ?? "Group",
      sortBy: ({ group }) => group.value,
      csv: ({ group }) => group.value,
      cell: ({ group }) => (
        <span
          className={`block max-w-48 truncate ${group.isComparable ? "font-mono" : "text-ink-3 italic"}`}
        >
          {nameGroup(group.value)}
        </span>
      ),
    },
    {
      id: "n",
      header: "Rows",
      isRight: true,
      sortBy: ({ measured }) => measured.count,
      csv: ({ measured }) => measured.count,
      cell: ({ measured }) => (
        <span className={measured.count < rule.rowCountMin ? "text-ink-3" : ""}>
          {formatCount(measured.count)}
        </span>
      ),
    },
    {
      id: "value",
      header: nameMeasure(measure).name.replace(/^./, (first) => first.toUpperCase()),
      isRight: true,
      sortBy: ({ measured }) => measured.value,
      csv: ({ measured }) => measured.value,
      cell: ({ measured }) => <ValueCell measured={measured} />,
    },
    {
      id: "bar",
      header: "Against the reference",
      from: "md",
      csv: () => null,
      cell: ({ group }) => {
        const bar = bars.get(group.value);
        return bar === undefined ? null : <GroupBar model={bar} />;
      },
    },
    {
      id: "difference",
      header: "Gap",
      isRight: true,
      from: "lg",
      sortBy: ({ measured }) => measured.gap?.difference ?? null,
      csv: ({ measured }) => measured.gap?.difference ?? null,
      cell: ({ measured }) => {
        const { gap } = measured;
        if (gap === null) return <span className="text-ink-3">–</span>;
        return (
          <span className="whitespace-nowrap">
            {sayDifference(measure, gap.difference, gap.lower, gap.upper)}
          </span>
        );
      },
    },
    ...(measure === "selection_rate" ? [ratio] : []),
    {
      id: "p",
      header: "p, adjusted",
      isRight: true,
      from: "xl",
      isOptional: true,
      sortBy: ({ measured }) => measured.gap?.adjustedPValue ?? null,
      csv: ({ measured }) => measured.gap?.adjustedPValue ?? null,
      cell: ({ measured }) => formatPValue(measured.gap?.adjustedPValue ?? null),
    },
  ];
}

function ValueCell({ measured }: { measured: Measured }) {
  const { measure, value, lower, upper } = measured;
  if (value === null) return <span className="text-ink-3">undefined: no rows</span>;
  const interval =
    lower === null || upper === null
      ? null
      : `${sayMeasured(measure, lower)} to ${sayMeasured(measure, upper)}`;
  return (
    <span className="whitespace-nowrap" title={interval === null ? undefined : `95 %: ${interval}`}>
      {sayMeasured(measure, value)}
    </span>
  );
}

function VerdictCell({ group, measured }: GroupRow) {
  if (group.isReference) return <Badge>reference</Badge>;
  if (!group.isComparable)
    return <span className="whitespace-nowrap text-ink-3">not compared</span>;
  if (measured.gap === null)
    return (
      <span
        className="whitespace-nowrap text-ink-3"
        title="This group or the reference has too few"
      >
        too few rows
      </span>
    );
  const { verdict } = measured.gap;
  return (
    <span
      className={`whitespace-nowrap ${verdict === "gap" ? "font-medium text-watch" : ""} ${verdict === "cannot_say" ? "text-ink-3" : ""}`}
    >
      {gapWords[verdict]}
    </span>
  );
}
