"use client";

import { useId, useState } from "react";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { AxisMark } from "#lib/charts/mark-time-axis.ts";
import type { TimePoint, TimeSeriesModel } from "#lib/charts/time-series-model.ts";
import { colorOf } from "./color-of.ts";
import { HatchPattern } from "./hatch-pattern.tsx";
import { MarkShape } from "./mark-shape.tsx";
import { ReadOut } from "./read-out.tsx";

export interface TimeSeriesPlotProps {
  model: TimeSeriesModel;
  width: number;
  height: number;
  /** A stretch that was dragged over, on the buckets' own bounds. */
  onZoom: ((fromMs: number, untilMs: number) => void) | null;
}

const axisWidth = 48;
const labelWidth = 52;
const narrow = 560;
const tick = { fill: "var(--color-ink-3)", fontSize: 11 };

/** Draws a prepared model; loaded when a page first shows a chart over time. */
export function TimeSeriesPlot({ model, width, height, onZoom }: TimeSeriesPlotProps) {
  const hatchId = useId();
  const [drag, setDrag] = useState<{ from: number; until: number } | null>(null);
  const points = [...model.points];
  // The same margin with and without labels, so that the time axes of a page stand under each other.
  const marginRight = width < narrow && isBars(model) ? 4 : labelWidth;
  const plotWidth = width - axisWidth - marginRight;
  const barSize = Math.max(1, (plotWidth / Math.max(points.length, 1)) * 0.82);
  const timeLabels = new Map(model.timeAxis.ticks.map(({ timeMs, label }) => [timeMs, label]));
  const valueLabels = new Map(model.valueAxis.ticks.map(({ value, label }) => [value, label]));
  const nearest = (label: unknown) => nearestPoint(points, Number(label));

  return (
    <ComposedChart
      data={points}
      width={width}
      height={height}
      margin={{ top: 8, right: marginRight, bottom: 0, left: 0 }}
      syncId="page"
      syncMethod="value"
      style={{ userSelect: "none", cursor: onZoom === null ? "default" : "crosshair" }}
      onMouseDown={({ activeLabel }) => {
        const point = onZoom === null ? null : nearest(activeLabel);
        if (point !== null) setDrag({ from: point.timeMs, until: point.timeMs });
      }}
      onMouseMove={({ activeLabel }) => {
        const point = drag === null ? null : nearest(activeLabel);
        if (drag !== null && point !== null && point.timeMs !== drag.until)
          setDrag({ ...drag, until: point.timeMs });
      }}
      onMouseUp={() => {
        if (drag === null) return;
        setDrag(null);
        const from = nearest(Math.min(drag.from, drag.until));
        const until = nearest(Math.max(drag.from, drag.until));
        if (from !== null && until !== null && from !== until) onZoom?.(from.fromMs, until.untilMs);
      }}
      onMouseLeave={() => setDrag(null)}
    >
      <defs>
        <HatchPattern id={hatchId} />
      </defs>
      <CartesianGrid vertical={false} stroke="var(--color-grid)" />
      <XAxis
        dataKey="timeMs"
        type="number"
        scale="time"
        domain={model.timeAxis.domain}
        allowDataOverflow
        ticks={model.timeAxis.ticks.map(({ timeMs }) => timeMs)}
        tickFormatter={(value) => timeLabels.get(Number(value)) ?? ""}
        tick={tick}
        tickLine={{ stroke: "var(--color-line)" }}
        axisLine={{ stroke: "var(--color-line-strong)", strokeOpacity: 0.5 }}
        height={24}
        interval="preserveStart"
        minTickGap={8}
      />
      <YAxis
        domain={model.valueAxis.domain}
        ticks={model.valueAxis.ticks.map(({ value }) => value)}
        tickFormatter={(value) => valueLabels.get(Number(value)) ?? ""}
        tick={tick}
        tickLine={false}
        axisLine={false}
        width={axisWidth}
        interval={0}
      />
      {model.spans?.map((span) => (
        <ReferenceArea
          key={`${span.label} ${span.fromMs}`}
          x1={span.fromMs}
          x2={span.untilMs}
          fill="var(--color-breach)"
          fillOpacity={0.1}
          stroke="var(--color-breach)"
          strokeOpacity={0.35}
        />
      ))}
      {model.gaps.map((gap) => (
        <ReferenceArea
          key={gap.fromMs}
          x1={gap.fromMs}
          x2={gap.untilMs}
          fill={`url(#${hatchId})`}
          fillOpacity={1}
          stroke="none"
        />
      ))}
      {model.bandLabel !== null && (
        <Area
          dataKey="band"
          type="step"
          stroke="none"
          fill="var(--color-baseline)"
          fillOpacity={0.35}
          isAnimationActive={false}
          activeDot={false}
        />
      )}
      {model.series.map((series) =>
        series.shape === "bar" ? (
          <Bar
            key={series.id}
            dataKey={(point: TimePoint) => point.values[series.id] ?? null}
            stackId="all"
            fill={colorOf(series.color)}
            barSize={barSize}
            isAnimationActive={false}
          />
        ) : (
          <Line
            key={series.id}
            dataKey={(point: TimePoint) => point.values[series.id] ?? null}
            type="linear"
            stroke={colorOf(series.color)}
            strokeWidth={1.75}
            {...(series.shape === "dashed" && { strokeDasharray: "4 3" })}
            dot={(dot) => <Dot {...dot} color={colorOf(series.color)} count={points.length} />}
            activeDot={{ r: 3.5, stroke: "var(--color-page)", strokeWidth: 2 }}
            connectNulls={false}
            isAnimationActive={false}
            label={(label) => (
              <EndLabel
                {...label}
                lastIndex={lastKnown(points, series.id)}
                text={series.label}
                shift={series.labelShift ?? 0}
                color={colorOf(series.color)}
              />
            )}
          />
        ),
      )}
      {(model.marks ?? []).map((mark) => (
        <ReferenceLine
          key={mark.timeMs}
          x={mark.timeMs}
          stroke="var(--color-ink-3)"
          strokeOpacity={0.7}
          strokeDasharray="2 3"
          label={(label) => <Mark {...label} mark={mark} />}
        />
      ))}
      {drag !== null && (
        <ReferenceArea
          x1={Math.min(drag.from, drag.until)}
          x2={Math.max(drag.from, drag.until)}
          fill="var(--color-accent)"
          fillOpacity={0.14}
        />
      )}
      <Tooltip
        content={({ active, payload }) => {
          const point: TimePoint | undefined = payload?.[0]?.payload;
          return active && point !== undefined ? (
            <ReadOut label={point.label} lines={point.lines} />
          ) : null;
        }}
        cursor={{
          stroke: "var(--color-line-strong)",
          fill: "var(--color-line-strong)",
          fillOpacity: 0.12,
        }}
        isAnimationActive={false}
        offset={14}
        wrapperStyle={{ zIndex: 20 }}
      />
    </ComposedChart>
  );
}

const isBars = ({ series }: TimeSeriesModel) => series.every(({ shape }) => shape === "bar");

function nearestPoint(points: readonly TimePoint[], timeMs: number): TimePoint | null {
  if (!Number.isFinite(timeMs)) return null;
  return points.reduce<TimePoint | null>((best, point) => {
    if (best === null) return point;
    return Math.abs(point.timeMs - timeMs) < Math.abs(best.timeMs - timeMs) ? point : best;
  }, null);
}

function lastKnown(points: readonly TimePoint[], id: string): number {
  return points.findLastIndex((point) => (point.values[id] ?? null) !== null);
}

interface DotProps {
  cx?: number;
  cy?: number;
  payload?: TimePoint;
  color: string;
  count: number;
  index?: number;
}

/** A small sample is hollow; a lone point between gaps is drawn, since no line would show it. */
function Dot({ cx, cy, payload, color, count, index }: DotProps) {
  if (cx === undefined || cy === undefined || payload === undefined) return <g key={index} />;
  if (payload.isSmall)
    return (
      <circle cx={cx} cy={cy} r={2.5} fill="var(--color-page)" stroke={color} strokeWidth={1.5} />
    );
  return count <= 48 ? <circle cx={cx} cy={cy} r={2} fill={color} /> : <g key={index} />;
}

/** At the head of its line, over the values; pointed at, it says what it stands for. */
function Mark({ viewBox, mark }: { viewBox?: { x?: number; y?: number }; mark: AxisMark }) {
  return (
    <g transform={`translate(${viewBox?.x ?? 0} ${(viewBox?.y ?? 0) + 1})`}>
      <title>{mark.text}</title>
      <rect x={-9} y={-9} width={18} height={20} fill="transparent" />
      <MarkShape kind={mark.kind} />
      {mark.count > 1 && (
        <text x={6} y={4} fontSize={10} fill="var(--color-ink-2)">
          {mark.count}
        </text>
      )}
    </g>
  );
}

interface EndLabelProps {
  x?: number | string | undefined;
  y?: number | string | undefined;
  index?: number | undefined;
  lastIndex: number;
  text: string;
  shift: number;
  color: string;
}

/** The name at the end of the line, where the eye already is. */
function EndLabel({ x, y, index, lastIndex, text, shift, color }: EndLabelProps) {
  if (index !== lastIndex) return null;
  return (
    <text x={Number(x) + 6} y={Number(y) + 4 + shift} fill={color} fontSize={11} fontWeight={500}>
      {text}
    </text>
  );
}
