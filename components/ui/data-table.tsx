"use client";

import { clsx } from "clsx";
import { ArrowDown, ArrowUp, Columns3, Download } from "lucide-react";
import type { ReactNode } from "react";
import { useMemo, useRef, useState } from "react";
import type { ChartCell } from "#lib/charts/chart-table.ts";
import { toCsv } from "#lib/charts/chart-table.ts";
import { formatNumber } from "#lib/charts/format-number.ts";
import { Button } from "./button.tsx";
import { downloadFile, toFileName } from "./download-file.ts";
import { Menu } from "./menu.tsx";
import { sortRows } from "./sort-rows.ts";
import { useKeys } from "./use-keys.ts";
import type { VirtualRows } from "./use-virtual-rows.ts";
import { useVirtualRows } from "./use-virtual-rows.ts";

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** What it sorts by; a column without one does not sort. null comes last either way. */
  sortBy?: (row: Row) => string | number | null;
  csv: (row: Row) => ChartCell;
  isRight?: boolean;
  /** Left out on narrow screens. */
  from?: "sm" | "md" | "lg" | "xl" | "2xl";
  width?: string;
  isOptional?: boolean;
  /** Its cells speak for themselves; a screen reader still hears the header. */
  isHeaderHidden?: boolean;
}

export interface Sort {
  id: string;
  isDescending: boolean;
}

export interface DataTableProps<Row> {
  /** What the rows are, for the screen reader and the file's name. */
  name: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
  /** j, k and Enter move over what carries `data-row-link` in a row. */
  hasKeys?: boolean;
  isRowActive?: (row: Row) => boolean;
  toolbar?: ReactNode;
  /** Said instead of rows when there are none. */
  empty: ReactNode;
}

const rowHeightPlanned = 36;
const plainRowsMax = 200;
const fromClass = {
  sm: "max-sm:hidden",
  md: "max-md:hidden",
  lg: "max-lg:hidden",
  xl: "max-xl:hidden",
  "2xl": "max-2xl:hidden",
} as const;

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { name, columns, rows, rowKey, sort, onSort, hasKeys = false } = props;
  const [hidden, setHidden] = useState<Record<string, boolean>>({});
  const scroller = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => {
    const column = columns.find(({ id }) => id === sort?.id);
    return column?.sortBy === undefined || sort === null
      ? rows
      : sortRows(rows, column.sortBy, sort.isDescending);
  }, [columns, rows, sort]);
  const shown = columns.filter(({ id }) => hidden[id] !== false);
  const virtual = useVirtualRows(scroller, sorted.length, rowHeightPlanned, plainRowsMax);
  const widest = useMemo(
    () => (virtual.isVirtual ? columns.map((column) => findWidest(rows, column)) : []),
    [columns, rows, virtual.isVirtual],
  );
  const active = useRef(-1);

  useKeys((key, event) => {
    if (!hasKeys || (key !== "j" && key !== "k")) return;
    event.preventDefault();
    const next = active.current + (key === "j" ? 1 : -1);
    active.current = Math.min(Math.max(next, 0), sorted.length - 1);
    focusRow(scroller.current, active.current, virtual);
  });

  const download = () => {
    const csv = toCsv({
      columns: shown.map(({ header }) => header),
      rows: sorted.map((row) => shown.map((column) => column.csv(row))),
    });
    downloadFile(`${toFileName(name)}.csv`, new Blob([csv], { type: "text/csv" }));
  };
  const optional = columns.filter(({ isOptional }) => isOptional === true);

  return (
    <section aria-label={name} className="flex min-w-0 flex-col gap-2">
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        {props.toolbar}
        <div className="ml-auto flex items-center gap-1 max-sm:hidden">
          {optional.length > 0 && (
            <Menu
              align="end"
              trigger={
                <Button kind="quiet" size="sm">
                  <Columns3 size={14} aria-hidden />
                  Columns
                </Button>
              }
              entries={optional.map(({ id, header }) => ({
                kind: "item",
                id,
                text: header,
                isChecked: hidden[id] !== false,
                onSelect: () => setHidden({ ...hidden, [id]: hidden[id] === false }),
              }))}
            />
          )}
          <Button kind="quiet" size="sm" onClick={download} disabled={sorted.length === 0}>
            <Download size={14} aria-hidden />
            CSV
          </Button>
        </div>
      </div>
      <div
        ref={scroller}
        className={clsx(
          "relative min-w-0 overflow-x-auto rounded-lg border",
          virtual.isVirtual && "max-h-[70vh] overflow-y-auto",
        )}
      >
        <table
          className="w-full border-separate border-spacing-0 text-sm"
          aria-rowcount={sorted.length + 1}
        >
          <thead className="sticky top-0 z-10 bg-page">
            <tr>
              {shown.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={ariaSort(sort, column)}
                  style={{ width: column.width }}
                  className={clsx(
                    "h-9 whitespace-nowrap border-b px-3 font-medium text-ink-2 text-xs max-sm:px-2.5",
                    column.isRight === true ? "text-right" : "text-left",
                    column.from && fromClass[column.from],
                  )}
                >
                  {column.sortBy === undefined ? (
                    <span className={clsx(column.isHeaderHidden === true && "sr-only")}>
                      {column.header}
                    </span>
                  ) : (
                    <SortButton column={column} sort={sort} onSort={onSort} />
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {virtual.first > 0 && (
              <tr aria-hidden style={{ height: virtual.first * virtual.rowHeight }}>
                <td colSpan={shown.length} />
              </tr>
            )}
            {sorted.slice(virtual.first, virtual.end).map((row, offset) => (
              <tr
                key={rowKey(row)}
                data-row={virtual.first + offset}
                aria-rowindex={virtual.first + offset + 2}
                onFocus={() => {
                  active.current = virtual.first + offset;
                }}
                className={clsx(
                  "group relative focus-within:bg-hover hover:bg-hover",
                  props.isRowActive?.(row) === true && "bg-selected",
                )}
              >
                {shown.map((column) => (
                  <td
                    key={column.id}
                    className={clsx(
                      "h-9 px-3 max-sm:px-2.5",
                      virtual.first + offset < sorted.length - 1 && "border-b",
                      column.isRight === true && "tabular text-right",
                      column.from && fromClass[column.from],
                    )}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
            {virtual.end < sorted.length && (
              <tr aria-hidden style={{ height: (sorted.length - virtual.end) * virtual.rowHeight }}>
                <td colSpan={shown.length} />
              </tr>
            )}
            {/* Without height: columns keep their widths while rows come and go. */}
            {virtual.isVirtual && (
              <tr aria-hidden inert>
                {shown.map((column) => {
                  const row = widest[columns.indexOf(column)];
                  return (
                    <td
                      key={column.id}
                      className={clsx(
                        "px-3 max-sm:px-2.5",
                        column.isRight === true && "tabular",
                        column.from && fromClass[column.from],
                      )}
                    >
                      <div className="invisible h-0 overflow-hidden">
                        {row !== undefined && column.cell(row)}
                      </div>
                    </td>
                  );
                })}
              </tr>
            )}
          </tbody>
        </table>
        {sorted.length === 0 && <div className="px-3 py-6 text-ink-2 text-sm">{props.empty}</div>}
      </div>
    </section>
  );
}

/** The row of whose cell most is written. */
function findWidest<Row>(rows: readonly Row[], { csv }: Column<Row>): Row | undefined {
  const lengthOf = (cell: ChartCell) =>
    (typeof cell === "number" ? formatNumber(cell) : (cell ?? "")).length;
  let widest: { row: Row; length: number } | undefined;
  for (const row of rows) {
    const length = lengthOf(csv(row));
    if (widest === undefined || length > widest.length) widest = { row, length };
  }
  return widest?.row;
}

function ariaSort<Row>(sort: Sort | null, column: Column<Row>) {
  if (column.sortBy === undefined) return undefined;
  if (sort?.id !== column.id) return "none" as const;
  return sort.isDescending ? ("descending" as const) : ("ascending" as const);
}

interface SortButtonProps<Row> {
  column: Column<Row>;
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
}

/** Figures begin with the largest, words with A; the third press returns to the order in which they came. */
function SortButton<Row>({ column, sort, onSort }: SortButtonProps<Row>) {
  const isActive = sort?.id === column.id;
  const startsDescending = column.isRight === true;
  const next = () => {
    if (!isActive) return { id: column.id, isDescending: startsDescending };
    if (sort.isDescending === startsDescending)
      return { id: column.id, isDescending: !startsDescending };
    return null;
  };
  const Arrow = isActive && !sort.isDescending ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={() => onSort(next())}
      className={clsx(
        "group/sort -mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-ink",
        column.isRight === true && "flex-row-reverse",
        isActive && "text-ink",
      )}
    >
      {column.header}
      <Arrow
        size={12}
        aria-hidden
        className={clsx(!isActive && "opacity-0 group-hover/sort:opacity-60")}
      />
    </button>
  );
}

function focusRow(scroller: HTMLElement | null, index: number, virtual: VirtualRows): void {
  const { isVirtual, rowHeight } = virtual;
  if (scroller === null || index < 0) return;
  if (isVirtual) {
    const top = index * rowHeight;
    const bottom = top + rowHeight * 2;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = bottom - scroller.clientHeight;
  }
  requestAnimationFrame(() =>
    scroller.querySelector<HTMLElement>(`[data-row="${index}"] [data-row-link]`)?.focus(),
  );
}
