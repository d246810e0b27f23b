import { memo } from "react";
import type { HeatCell, HeatRow } from "#lib/charts/prepare-heat-map.ts";

export const heatRowHeight = 24;
export const heatHatchId = "heat-hatch";

interface HeatMapRowProps {
  row: HeatRow;
  cellWidth: number;
}

/** One feature's cells. Drawn as one picture, since a thousand features have a hundred thousand cells. */
export const HeatMapRow = memo(function HeatMapRow({ row, cellWidth }: HeatMapRowProps) {
  const gap = cellWidth >= 6 ? 1 : 0;
  return (
    <svg
      width={cellWidth * row.cells.length}
      height={heatRowHeight}
      className="block shrink-0"
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      {row.cells.map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
        <g key={index}>
          <rect
            x={index * cellWidth}
            y={1}
            width={cellWidth - gap}
            height={heatRowHeight - 2}
            fill={fillOf(cell)}
          />
          {cell.verdict === "drift" && cell.level !== null && (
            <Mark
              x={index * cellWidth + (cellWidth - gap) / 2}
              level={cell.level}
              width={cellWidth}
            />
          )}
        </g>
      ))}
    </svg>
  );
});

// A value that cannot be judged is not shown as a colour: it would be the loudest of all, and it says nothing.
const fillOf = (cell: HeatCell): string =>
  cell.level === null || cell.verdict === "cannot_say"
    ? `url(#${heatHatchId})`
    : `var(--color-heat-${cell.level})`;

/** The verdict, apart from the colour: a pale cell with a mark is a small but real change. */
function Mark({ x, level, width }: { x: number; level: number; width: number }) {
  const size = Math.min(4, Math.max(1.75, width * 0.32));
  const middle = heatRowHeight / 2;
  return (
    <path
      d={`M${x} ${middle - size}L${x + size} ${middle}L${x} ${middle + size}L${x - size} ${middle}Z`}
      fill={level >= 5 ? "var(--color-page)" : "var(--color-ink)"}
      shapeRendering="geometricPrecision"
    />
  );
}
