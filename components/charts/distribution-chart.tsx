"use client";

import type { DistributionModel } from "#lib/charts/prepare-distribution.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { DistributionBars } from "./distribution-bars.tsx";
import { DistributionSteps } from "./distribution-steps.tsx";
import { LegendItem } from "./legend-item.tsx";

export interface DistributionChartProps {
  title: string;
  model: DistributionModel;
  referenceLabel: string;
  windowLabel: string;
}

/** The baseline in grey behind, the window in the accent before it. */
export function DistributionChart(props: DistributionChartProps) {
  const { title, model, referenceLabel, windowLabel } = props;
  return (
    <ChartFrame
      title={title}
      unit={model.unit}
      sentence={model.sentence}
      note={model.note}
      table={model.table}
      canPicture={model.kind === "numeric"}
      legend={
        <>
          {model.hasReference && (
            <LegendItem color="var(--color-baseline)">{referenceLabel}</LegendItem>
          )}
          <LegendItem color="var(--color-window)">{windowLabel}</LegendItem>
        </>
      }
    >
      {drawingOf(model)}
    </ChartFrame>
  );
}

function drawingOf(model: DistributionModel) {
  switch (model.kind) {
    case "empty":
      return (
        <p className="hatched rounded-lg border px-3 py-8 text-center text-sm">
          No values in this window.
        </p>
      );
    case "numeric":
      return <DistributionSteps model={model} />;
    case "categorical":
      return (
        <DistributionBars rows={model.rows} edges={model.edges} hasReference={model.hasReference} />
      );
  }
}
