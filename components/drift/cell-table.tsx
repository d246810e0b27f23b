"use client";

import { useRef } from "react";
import type { ExplainedCell } from "#lib/charts/prepare-explanation.ts";
import { useVirtualRows } from "../ui/use-virtual-rows.ts";

const rowHeight = 28;
const plainRowsMax = 100;
const headClass = "h-7 whitespace-nowrap border-b bg-page font-medium text-ink-2 text-xs";
const cellClass = "h-7 whitespace-nowrap border-b pl-3 text-right";

/** Where a number was counted: every cell with the counts and shares of both sides. */
export function CellTable({ cells }: { cells: readonly ExplainedCell[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualRows(scroller, cells.length, rowHeight, plainRowsMax);
  return (
    <section
      ref={scroller}
      aria-label="Edges and counts"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="focus-inset max-h-72 overflow-auto rounded-lg border"
    >
      <table
        aria-rowcount={cells.length + 1}
        className="tabular w-full border-separate border-spacing-0 text-xs"
      >
        <thead className="sticky top-0">
          <tr>
            <th scope="col" className={`${headClass} px-3 text-left`}>
              Cell
            </th>
            <th scope="col" colSpan={2} className={`${headClass} pl-3 text-right`}>
              Reference
            </th>
            <th scope="col" colSpan={2} className={`${headClass} px-3 text-right`}>
              Window
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap rows={virtual.first} rowHeight={virtual.rowHeight} />
          {cells.slice(virtual.first, virtual.end).map((cell, offset) => (
            <tr
              key={cell.key}
              data-row={virtual.first + offset}
              aria-rowindex={virtual.first + offset + 2}
            >
              <th
                scope="row"
                className="h-7 max-w-52 truncate border-b px-3 text-left font-mono font-normal"
                title={cell.label}
              >
                {cell.label}
              </th>
              <td className={cellClass}>{cell.reference}</td>
              <td className={`${cellClass} text-ink-3`}>{cell.referenceShare}</td>
              <td className={cellClass}>{cell.window}</td>
              <td className={`${cellClass} pr-3 text-ink-3`}>{cell.windowShare}</td>
            </tr>
          ))}
          <Gap rows={cells.length - virtual.end} rowHeight={virtual.rowHeight} />
        </tbody>
      </table>
    </section>
  );
}

function Gap({ rows, rowHeight }: { rows: number; rowHeight: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden style={{ height: rows * rowHeight }}>
      <td colSpan={5} />
    </tr>
  );
}
