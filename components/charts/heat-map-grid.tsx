"use client";

import { clsx } from "clsx";
import type { KeyboardEvent, PointerEvent } from "react";
import { useRef } from "react";
import type { AxisMark } from "#lib/charts/mark-time-axis.ts";
import type { HeatMapModel, HeatRow } from "#lib/charts/prepare-heat-map.ts";
import { NameText } from "../ui/name-text.tsx";
import { useVirtualRows } from "../ui/use-virtual-rows.ts";
import { HatchDefinitions } from "./hatch-definitions.tsx";
import { HeatMapMarks } from "./heat-map-marks.tsx";
import { HeatMapRow, heatRowHeight } from "./heat-map-row.tsx";
import { useNewestEnd } from "./use-newest-end.ts";
import { VerdictShape } from "./verdict-shape.tsx";

/** The cell under the mark. */
export interface HeatPlace {
  row: number;
  column: number;
}

interface HeatMapGridProps {
  label: string;
  model: HeatMapModel;
  marks: readonly AxisMark[] | null;
  width: number;
  place: HeatPlace | null;
  openKey: string | null;
  onPlace: (place: HeatPlace | null) => void;
  onOpen: (row: HeatRow) => void;
}

const cellWidthMin = 4;
const rowsShownMax = 18;
const steps: Record<string, HeatPlace> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
  PageUp: { row: -10, column: 0 },
  PageDown: { row: 10, column: 0 },
};

/** The cells with their names and times, in a window of their own where there is no room for all of them. */
export function HeatMapGrid(props: HeatMapGridProps) {
  const { label, model, marks, width, place, openKey, onPlace, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const columnCount = Math.max(model.columns.length, 1);
  const nameWidth = nameWidthOf(width, columnCount);
  const cellWidth = Math.max(cellWidthMin, (width - nameWidth - 2) / columnCount);
  const virtual = useVirtualRows(scroller, model.rows.length, heatRowHeight, rowsShownMax * 2);
  useNewestEnd(scroller);
  const hasCell = place !== null && model.rows[place.row]?.cells[place.column] !== undefined;

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const next = {
      row: Math.floor((event.clientY - box.top) / heatRowHeight),
      column: Math.floor((event.clientX - box.left - nameWidth) / cellWidth),
    };
    if (next.row !== place?.row || next.column !== place?.column) onPlace(next);
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
    onPlace(next);
    reveal(scroller.current, next.row);
  };

  return (
    <div
      ref={scroller}
      role="application"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is moved over with the arrow keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPlace(null)}
      className="focus-inset relative overflow-auto rounded-lg border"
      style={{ maxHeight: rowsShownMax * heatRowHeight + 28 }}
    >
      <HatchDefinitions />
      <div style={{ width: nameWidth + cellWidth * columnCount }}>
        <TimeHead model={model} nameWidth={nameWidth} width={cellWidth * columnCount} />
        {marks !== null && (
          <HeatMapMarks
            marks={marks}
            fromMs={model.columns[0]?.fromMs ?? 0}
            untilMs={model.columns.at(-1)?.untilMs ?? 0}
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
          {hasCell && (
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
  );
}

/** Names are cut in their middle, by which many of a thousand differ: they get the room that the cells can spare. */
function nameWidthOf(width: number, columnCount: number): number {
  if (width < 560) return Math.min(Math.max(width - columnCount * 6, 148), 184);
  return width < 960 ? 216 : 304;
}

const clamp = (index: number, count: number) =>
  Math.min(Math.max(index, 0), Math.max(count - 1, 0));

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
