"use client";

import type { ReactNode } from "react";
import { useState } from "react";
import { placeMarks } from "#lib/charts/mark-time-axis.ts";
import type { HeatMapModel, HeatRow } from "#lib/charts/prepare-heat-map.ts";
import { useElementWidth } from "../ui/use-element-width.ts";
import { useZone } from "../ui/use-zone.ts";
import { ChartFrame } from "./chart-frame.tsx";
import type { HeatPlace } from "./heat-map-grid.tsx";
import { HeatMapGrid } from "./heat-map-grid.tsx";
import { HeatMapLegend } from "./heat-map-legend.tsx";
import { useTimeMarks } from "./time-marks.ts";

export interface HeatMapProps {
  title: string;
  model: HeatMapModel;
  openKey: string | null;
  onOpen: (row: HeatRow) => void;
  /** Beside the legend: the search for a feature. */
  tools?: ReactNode;
}

/** Features by time. Arrows move over the cells, Enter opens the feature, and the line above says what is under the mark. */
export function HeatMap({ title, model, openKey, onOpen, tools }: HeatMapProps) {
  const [measure, width] = useElementWidth();
  const [place, setPlace] = useState<HeatPlace | null>(null);
  const current = place === null ? null : readPlace(model, place);
  const zone = useZone();
  const domain: [number, number] = [
    model.columns[0]?.fromMs ?? 0,
    model.columns.at(-1)?.untilMs ?? 0,
  ];
  const happened = placeMarks(useTimeMarks(domain), domain, zone);
  const sentence = happened === null ? model.sentence : `${model.sentence} ${happened.sentence}`;

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
          <HeatMapGrid
            label={`${title}. ${sentence}`}
            model={model}
            marks={happened?.marks ?? null}
            width={width}
            place={place}
            openKey={openKey}
            onPlace={setPlace}
            onOpen={onOpen}
          />
        )}
      </div>
    </ChartFrame>
  );
}

function readPlace(model: HeatMapModel, place: HeatPlace) {
  const row = model.rows[place.row];
  const column = model.columns[place.column];
  const cell = row?.cells[place.column];
  return row === undefined || column === undefined || cell === undefined
    ? null
    : { row, column, cell };
}
