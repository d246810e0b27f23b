"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { markTimeAxis } from "#lib/charts/mark-time-axis.ts";
import type { TimeSeriesModel } from "#lib/charts/time-series-model.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { useElementWidth } from "../ui/use-element-width.ts";
import { useZone } from "../ui/use-zone.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { colorOf } from "./color-of.ts";
import { LegendItem } from "./legend-item.tsx";
import { MarkShape } from "./mark-shape.tsx";
import { useTimeMarks } from "./time-marks.ts";

// The drawing library is as heavy as the rest of the page; the words and the table come first.
const TimeSeriesPlot = dynamic(
  () => import("./time-series-plot.tsx").then((module) => module.TimeSeriesPlot),
  { ssr: false, loading: () => <Skeleton className="h-full w-full" /> },
);

const markNames = [
  { kind: "change", label: "change" },
  { kind: "incident", label: "incident" },
] as const;

export interface TimeSeriesChartProps {
  title: string;
  model: TimeSeriesModel;
  height?: number;
  onZoom?: (fromMs: number, untilMs: number) => void;
}

export function TimeSeriesChart({
  title,
  model: unmarked,
  height = 220,
  onZoom,
}: TimeSeriesChartProps) {
  const [ref, width] = useElementWidth();
  const zone = useZone();
  const happened = useTimeMarks(unmarked.timeAxis.domain);
  const model = useMemo(() => markTimeAxis(unmarked, happened, zone), [unmarked, happened, zone]);
  const isStack = model.series.length > 1 && model.series.every(({ shape }) => shape === "bar");
  const spanLabels = model.isEmpty
    ? []
    : [...new Set(model.spans?.map(({ label }) => label) ?? [])];
  const hasLegend =
    spanLabels.length > 0 ||
    isStack ||
    model.bandLabel !== null ||
    ((model.gaps.length > 0 || model.marks !== undefined) && !model.isEmpty);
  return (
    <ChartFrame
      title={title}
      unit={`${model.unit}, ${model.timeAxis.zone}`}
      sentence={model.sentence}
      note={model.note}
      table={model.table}
      legend={
        hasLegend ? (
          <>
            {isStack &&
              model.series.map(({ id, label, color }) => (
                <LegendItem key={id} color={colorOf(color)}>
                  {label}
                </LegendItem>
              ))}
            {model.bandLabel !== null && (
              <LegendItem color="var(--color-baseline-soft)">{model.bandLabel}</LegendItem>
            )}
            {spanLabels.map((label) => (
              <LegendItem
                key={label}
                color="color-mix(in srgb, var(--color-breach) 30%, transparent)"
              >
                {label}
              </LegendItem>
            ))}
            {model.gaps[0] !== undefined && (
              <span className="inline-flex items-center gap-1.5 text-ink-2 text-xs">
                <span aria-hidden className="hatched size-2.5 rounded-[2px] bg-unknown-soft" />
                {model.gaps[0].label}
              </span>
            )}
            {markNames.map(
              ({ kind, label }) =>
                model.marks?.some(({ kinds }) => kinds.includes(kind)) === true && (
                  <span key={kind} className="inline-flex items-center gap-1.5 text-ink-2 text-xs">
                    <svg width="9" height="9" viewBox="-4.5 -4.5 9 9" aria-hidden>
                      <MarkShape kind={kind} />
                    </svg>
                    {label}
                  </span>
                ),
            )}
          </>
        ) : undefined
      }
    >
      <div ref={ref} style={{ height }} className="min-w-0">
        {model.isEmpty && (
          <p className="hatched flex h-full items-center justify-center rounded-lg border text-sm">
            <span className="rounded-md bg-page px-3 py-1">{model.sentence}</span>
          </p>
        )}
        {width > 0 && !model.isEmpty && (
          <TimeSeriesPlot model={model} width={width} height={height} onZoom={onZoom ?? null} />
        )}
      </div>
    </ChartFrame>
  );
}
