"use client";

import { clsx } from "clsx";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { useRef, useState } from "react";
import { placeMarks } from "#lib/charts/mark-time-axis.ts";
import type { HeatMapModel, HeatRow } from "#lib/charts/prepare-heat-map.ts";
import { NameText } from "../ui/name-text.tsx";
import { useElementWidth } from "../ui/use-element-width.ts";
import { useVirtualRows } from "../ui/use-virtual-rows.ts";
import { useZone } from "../ui/use-zone.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { HatchDefinitions } from "./hatch-definitions.tsx";
import { HeatMapLegend } from "./heat-map-legend.tsx";
import { HeatMapMarks } from "./heat-map-marks.tsx";
import { HeatMapRow, heatRowHeight } from "./heat-map-row.tsx";
import { useTimeMarks } from "./time-marks.ts";
import { VerdictShape } from "./verdict-shape.tsx";

export interface HeatMapProps {
  title: string;
  model: HeatMapModel;
  openKey: string | null;
  onOpen: (row: HeatRow) => void;
  /** Beside the legend: the search for a feature. */
  tools?: ReactNode;
}

interface Place {
  row: number;
  column: number;
}

const cellWidthMin = 4;
const rowsShownMax = 18;
const steps: Record<string, Place> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
  PageUp: { row: -10, column: 0 },
  PageDown: { row: 10, column: 0 },
};

/** Features by time. Arrows move over the cells, Enter opens the feature, and the line above says what is under the mark. */
export function HeatMap({ title, model, openKey, onOpen, tools }: HeatMapProps) {
  const [measure, width] = useElementWidth();
  const scroller = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const nameWidth = width > 0 && width < 560 ? 148 : 216;
  const columnCount = Math.max(model.columns.length, 1);
  const cellWidth = Math.max(cellWidthMin, (width - nameWidth - 2) / columnCount);
  const virtual = useVirtualRows(scroller, model.rows.length, heatRowHeight, rowsShownMax * 2);
  const current = place === null ? null : readPlace(model, place);
  const zone = useZone();
  const domain: [number, number] = [
    model.columns[0]?.fromMs ?? 0,
    model.columns.at(-1)?.untilMs ?? 0,
  ];
  const happened = placeMarks(useTimeMarks(domain), domain, zone);
  const sentence = happened === null ? model.sentence : `${model.sentence} ${happened.sentence}`;

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const next = {
      row: Math.floor((event.clientY - box.top) / heatRowHeight),
      column: Math.floor((event.clientX - box.left - nameWidth) / cellWidth),
    };
    if (next.row !== place?.row || next.column !== place?.column) setPlace(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && place !== null) {
      const row = model.rows[place.row];
      if (row !== undefined) onOpen(row);
      return;
    }
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = place ?? { row: 0, column: columnCount - 1 };
    const next = {
      row: clamp((place === null ? 0 : step.row) + from.row, model.rows.length),
      column: clamp((place === null ? 0 : step.column) + from.column, columnCount),
    };
    setPlace(next);
    reveal(scroller.current, next.row);
  };

  return (
    <ChartFrame
      title={title}
      unit={`${model.unit}, ${model.zone}`}
      sentence={sentence}
      table={model.table}
      canPicture={false}
    >
      <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 pb-1">
        {tools}
        <HeatMapLegend model={model} />
      </div>
      <p
        aria-live="polite"
        className="flex h-6 items-center gap-2 overflow-hidden whitespace-nowrap text-xs"
      >
        {current === null ? (
          <span className="text-ink-3">
            Worst first. Point at a cell, or move with the arrow keys.
          </span>
        ) : (
          <>
            <span className="font-medium font-mono">{current.row.label}</span>
            <span className="text-ink-2">{current.column.label}</span>
            <span className="tabular truncate">{current.cell.text}</span>
          </>
        )}
      </p>
      <div ref={measure} className="min-w-0">
        {width > 0 && (
          <div
            ref={scroller}
            role="application"
            aria-label={`${title}. ${sentence}`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is moved over with the arrow keys
            tabIndex={0}
            onKeyDown={onKeyDown}
            onPointerLeave={() => setPlace(null)}
            className="focus-inset relative overflow-auto rounded-lg border"
            style={{ maxHeight: rowsShownMax * heatRowHeight + 28 }}
          >
            <HatchDefinitions />
            <div style={{ width: nameWidth + cellWidth * columnCount }}>
              <TimeHead model={model} nameWidth={nameWidth} width={cellWidth * columnCount} />
              {happened !== null && (
                <HeatMapMarks
                  marks={happened.marks}
                  fromMs={domain[0]}
                  untilMs={domain[1]}
                  nameWidth={nameWidth}
                  width={cellWidth * columnCount}
                />
              )}
              <div className="relative" onPointerMove={onPointerMove}>
                <div style={{ height: virtual.first * heatRowHeight }} />
                {model.rows.slice(virtual.first, virtual.end).map((row, offset) => (
                  <div key={row.key} className="flex" style={{ height: heatRowHeight }}>
                    <RowHead
                      row={row}
                      width={nameWidth}
                      isOpen={row.key === openKey}
                      isUnder={place?.row === virtual.first + offset}
                      onOpen={onOpen}
                    />
                    {/* biome-ignore lint/a11y/noStaticElementInteractions: the row's button and Enter do the same */}
                    {/* biome-ignore lint/a11y/useKeyWithClickEvents: the row's button and Enter do the same */}
                    <div className="cursor-pointer" onClick={() => onOpen(row)}>
                      <HeatMapRow row={row} cellWidth={cellWidth} />
                    </div>
                  </div>
                ))}
                <div style={{ height: (model.rows.length - virtual.end) * heatRowHeight }} />
                {current !== null && place !== null && (
                  <div
                    aria-hidden
                    className="pointer-events-none absolute outline-2 outline-accent"
                    style={{
                      left: nameWidth + place.column * cellWidth,
                      top: place.row * heatRowHeight + 1,
                      width: cellWidth - (cellWidth >= 6 ? 1 : 0),
                      height: heatRowHeight - 2,
                    }}
                  />
                )}
              </div>
            </div>
          </div>
        )}
      </div>
    </ChartFrame>
  );
}

const clamp = (index: number, count: number) =>
  Math.min(Math.max(index, 0), Math.max(count - 1, 0));

function readPlace(model: HeatMapModel, place: Place) {
  const row = model.rows[place.row];
  const column = model.columns[place.column];
  const cell = row?.cells[place.column];
  return row === undefined || column === undefined || cell === undefined
    ? null
    : { row, column, cell };
}

function reveal(scroller: HTMLElement | null, row: number): void {
  if (scroller === null) return;
  const top = row * heatRowHeight;
  const room = scroller.clientHeight - 28 - heatRowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
}

function TimeHead({
  model,
  nameWidth,
  width,
}: {
  model: HeatMapModel;
  nameWidth: number;
  width: number;
}) {
  return (
    <div aria-hidden className="sticky top-0 z-10 flex h-6 border-b bg-page">
      <div
        className="sticky left-0 z-10 flex shrink-0 items-center justify-between border-r bg-page px-2 text-2xs text-ink-3"
        style={{ width: nameWidth }}
      >
        <span>feature</span>
        <span>whole window</span>
      </div>
      <div className="relative" style={{ width }}>
        {spacedTicks(model.ticks, width).map(({ at, label }) => (
          <span
            key={at}
            className="absolute top-0 h-6 whitespace-nowrap border-l pl-1 text-2xs text-ink-3 leading-6"
            style={{ left: `${at * 100}%` }}
          >
            {label}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The ticks whose labels have room. */
function spacedTicks(ticks: HeatMapModel["ticks"], width: number) {
  let free = 0;
  return ticks.filter(({ at, label }) => {
    const left = at * width;
    const right = left + label.length * 6 + 10;
    if (left < free || right > width) return false;
    free = right;
    return true;
  });
}

function RowHead({
  row,
  width,
  isOpen,
  isUnder,
  onOpen,
}: {
  row: HeatRow;
  width: number;
  isOpen: boolean;
  isUnder: boolean;
  onOpen: (row: HeatRow) => void;
}) {
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={() => onOpen(row)}
      title={row.label}
      className={clsx(
        "sticky left-0 z-[5] flex shrink-0 items-center gap-2 border-r px-2 text-left text-xs",
        isOpen ? "bg-selected" : isUnderClass(isUnder),
      )}
      style={{ width }}
    >
      <NameText
        text={row.label}
        className={clsx(
          "flex-1 font-mono",
          row.verdict === "drift" ? "font-semibold text-ink" : "text-ink-2",
        )}
      />
      {row.verdict !== "no_drift" && <VerdictShape verdict={row.verdict} />}
      <span
        className={clsx(
          "tabular w-11 shrink-0 whitespace-nowrap text-right",
          row.verdict === "cannot_say" ? "text-ink-3" : "text-ink-2",
        )}
      >
        {row.valueText}
      </span>
    </button>
  );
}

const isUnderClass = (isUnder: boolean) => (isUnder ? "bg-hover" : "bg-page");
