import { clsx } from "clsx";
import { Download } from "lucide-react";
import { Fragment, useMemo } from "react";
import type { FeatureDrift } from "#lib/api/drift.ts";
import { toCsv } from "#lib/charts/chart-table.ts";
import { subjectLabel } from "#lib/charts/name-statistic.ts";
import type { StatisticRow } from "#lib/charts/prepare-statistics.ts";
import { prepareStatistics } from "#lib/charts/prepare-statistics.ts";
import type { DriftMeasure } from "#lib/domain/health.ts";
import { Button } from "../ui/button.tsx";
import { downloadFile, toFileName } from "../ui/download-file.ts";

const columns = ["Value", "Noise gives", "95 % interval", "p"];
const narrowed = "@max-md:hidden";

export interface StatisticTableProps {
  drift: FeatureDrift;
  /** The statistic that is taken apart below; null while none is. */
  explained: DriftMeasure | null;
  onExplain: (measure: DriftMeasure | null) => void;
}

/** Every statistic with what noise alone gives, so that none stands alone. */
export function StatisticTable({ drift, explained, onExplain }: StatisticTableProps) {
  const model = useMemo(() => prepareStatistics(drift), [drift]);
  if (model.groups.length === 0 && model.unavailable.length === 0) return null;
  const save = () =>
    downloadFile(
      `${toFileName(`${subjectLabel(drift.subject, drift.feature)} statistics`)}.csv`,
      new Blob([toCsv(model.table)], { type: "text/csv" }),
    );
  return (
    <section aria-label="Statistics" className="@container">
      <div className="flex items-center gap-3">
        <h3 className="font-semibold text-base">Statistics</h3>
        <Button
          kind="quiet"
          size="iconSm"
          aria-label="Download the statistics as CSV"
          title="Download the statistics as CSV"
          onClick={save}
          className="ml-auto"
        >
          <Download size={15} aria-hidden />
        </Button>
      </div>
      <p className="tabular text-ink-2 text-xs">
        {model.sizes}. Choose one to see how it comes about.
      </p>
      <table className="tabular mt-1 w-full text-sm">
        <thead>
          <tr className="text-ink-2 text-xs">
            <th scope="col" className="h-7 border-b text-left font-medium">
              Statistic
            </th>
            {columns.map((column, index) => (
              <th
                key={column}
                scope="col"
                className={clsx(
                  "h-7 whitespace-nowrap border-b pl-3 text-right font-medium",
                  index > 1 && narrowed,
                )}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {model.groups.map((group) => (
            <Fragment key={group.title}>
              <tr>
                <th
                  scope="rowgroup"
                  colSpan={columns.length + 1}
                  className="h-8 border-b text-left align-bottom font-normal text-ink-3 text-xs"
                >
                  {group.title}
                </th>
              </tr>
              {group.rows.map((row) => (
                <Row
                  key={row.statistic}
                  row={row}
                  isExplained={row.statistic === explained}
                  onExplain={() => onExplain(row.statistic === explained ? null : row.statistic)}
                />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      {model.unavailable.length > 0 && (
        <ul className="mt-2 text-ink-2 text-xs">
          {model.unavailable.map(({ label, reason }) => (
            <li key={label}>
              {label}: cannot say, {reason}.
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** On a narrow panel what stands in columns of its own moves under the name. */
function Row({
  row,
  isExplained,
  onExplain,
}: {
  row: StatisticRow;
  isExplained: boolean;
  onExplain: () => void;
}) {
  const under = [
    row.interval === "–" ? "" : `95 %: ${row.interval}`,
    row.pValue === "–" ? "" : `p ${row.pValue}`,
  ].filter((part) => part !== "");
  return (
    <tr className={clsx("group relative", row.isDecisive ? "bg-selected" : "hover:bg-hover")}>
      <th scope="row" className="border-b py-1.5 text-left font-normal">
        <button
          type="button"
          aria-expanded={isExplained}
          title="Explain this number"
          onClick={onExplain}
          className="focus-inset text-left underline decoration-line-strong decoration-dotted underline-offset-4 after:absolute after:inset-0 hover:decoration-solid"
        >
          {row.label}
        </button>
        {row.isDecisive && <span className="ml-2 text-accent text-xs">decides</span>}
        <span className="block text-ink-3 text-xs">{row.note}</span>
        <span className="hidden text-ink-2 text-xs @max-md:block">{under.join(", ")}</span>
      </th>
      <td className={clsx(cellClass, "font-medium")}>
        {row.value}
        {row.unit !== "" && <span className="ml-1 font-normal text-ink-3 text-xs">{row.unit}</span>}
      </td>
      <td className={clsx(cellClass, "text-ink-2")}>{row.noise}</td>
      <td className={clsx(cellClass, "text-ink-2", narrowed)}>{row.interval}</td>
      <td className={clsx(cellClass, "text-ink-2", narrowed)}>{row.pValue}</td>
    </tr>
  );
}

const cellClass = "whitespace-nowrap border-b py-1.5 pl-3 text-right align-top";
