"use client";

import { useMemo, useState } from "react";
import type { Performance } from "#lib/api/performance.ts";
import { prepareThreshold, prepareValue, stepsOf } from "#lib/charts/prepare-threshold.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { UnitSquarePlot } from "./unit-square-plot.tsx";
import { ValueDialog } from "./value-dialog.tsx";
import { ValuePlot } from "./value-plot.tsx";

export interface ThresholdBoardProps {
  workspace: string;
  model: string;
  performance: Performance;
}

/** What another threshold would have decided: nothing is asked anew while it moves, and where it stands is in the address. */
export function ThresholdBoard({ workspace, model, performance }: ThresholdBoardProps) {
  const { get, set } = useUrlState();
  const [isEditing, setIsEditing] = useState(false);
  const steps = useMemo(() => stepsOf(performance), [performance]);
  const inAddress = Number.parseFloat(get("threshold") ?? "");
  const wanted = Number.isFinite(inAddress) ? inAddress : null;
  const shown = useMemo(
    () => prepareThreshold(performance, steps, wanted),
    [performance, steps, wanted],
  );
  const worth = performance.businessValue;
  const value = useMemo(
    () => (shown === null || worth === null ? null : prepareValue(steps, worth, shown.threshold)),
    [steps, worth, shown],
  );
  if (shown === null) return null;
  const { threshold, minimum, maximum, step } = shown;
  return (
    <section aria-label="At any threshold" className="flex flex-col gap-4">
      <div>
        <h2 className="font-semibold text-base">At any threshold</h2>
        <p aria-live="polite" className="mt-0.5 text-ink-2 text-sm">
          {shown.sentence}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <label htmlFor="threshold" className="font-medium text-sm">
          Threshold
        </label>
        <input
          id="threshold"
          type="range"
          min={minimum}
          max={maximum}
          step={step}
          value={Math.min(maximum, Math.max(minimum, threshold))}
          onChange={(event) => set({ threshold: event.target.value }, "replace")}
          className="h-8 min-w-40 flex-1 accent-accent-fill sm:max-w-md"
        />
        <output htmlFor="threshold" className="tabular w-16 font-mono text-sm">
          {Number(threshold.toPrecision(6))}
        </output>
        {wanted !== null && (
          <Button size="sm" kind="quiet" onClick={() => set({ threshold: null }, "replace")}>
            Back to 0.5
          </Button>
        )}
      </div>
      <div className="grid gap-6 lg:grid-cols-3">
        <ThresholdTable cells={shown.cells} metrics={shown.metrics} />
        <UnitSquarePlot model={shown.roc} />
        <UnitSquarePlot model={shown.precisionRecall} />
      </div>
      {shown.note !== null && <p className="text-ink-3 text-xs">{shown.note}</p>}
      <div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="font-medium text-sm">What it is worth</h3>
          <Button size="sm" className="ml-auto" onClick={() => setIsEditing(true)}>
            {worth === null ? "Say what outcomes are worth" : "Change"}
          </Button>
        </div>
        {value === null ? (
          <p className="mt-0.5 max-w-2xl text-ink-2 text-sm">
            Say what a hit, a false alarm, a miss and a rightly left case are worth, and the best
            threshold follows, with how sure that is.
          </p>
        ) : (
          <>
            <p className="mt-0.5 max-w-3xl text-ink-2 text-sm">{value.sentence}</p>
            <div className="mt-2">
              <ValuePlot model={value} />
            </div>
            <p className="text-ink-3 text-xs">
              The threshold to the right, {value.unit} upwards. Shaded green: thresholds that are
              not worse than the best beyond chance. Band: 95 % of the mean. Of many thresholds the
              best one&apos;s own value is a little too high.
            </p>
          </>
        )}
      </div>
      {isEditing && (
        <ValueDialog
          workspace={workspace}
          model={model}
          performance={performance}
          steps={steps}
          threshold={threshold}
          onClose={() => setIsEditing(false)}
        />
      )}
    </section>
  );
}

function ThresholdTable({
  cells,
  metrics,
}: {
  cells: NonNullable<ReturnType<typeof prepareThreshold>>["cells"];
  metrics: NonNullable<ReturnType<typeof prepareThreshold>>["metrics"];
}) {
  const labels = [cells[0]?.label ?? "", cells[1]?.label ?? ""];
  return (
    <div className="min-w-0">
      <table className="tabular w-full text-sm">
        <caption className="sr-only">Confusion at the threshold</caption>
        <thead>
          <tr>
            <th scope="col" className="py-1 pr-3 text-left font-normal text-ink-3 text-xs">
              decided, then turned out
            </th>
            {labels.map((label) => (
              <th key={label} scope="col" className="px-2 py-1 text-right font-medium font-mono">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[cells.slice(0, 2), cells.slice(2)].map((row) => (
            <tr key={row[0]?.decided} className="border-t">
              <th scope="row" className="py-1.5 pr-3 text-left font-medium font-mono">
                {row[0]?.decided}
              </th>
              {row.map((cell) => (
                <td
                  key={cell.label}
                  className={`px-2 py-1.5 text-right ${cell.isRight ? "font-semibold" : ""}`}
                >
                  {cell.count}
                  <span className="ml-2 text-ink-3 text-xs">{cell.share}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="tabular mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t pt-2 text-sm">
        {metrics.map((metric) => (
          <div key={metric.name} className="contents">
            <dt className="text-ink-2">{metric.name}</dt>
            <dd className={`text-right ${metric.isUndefined ? "text-ink-3" : ""}`}>
              {metric.text}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
