import type { Columns } from "../profile/cover-window.ts";

/** Rows per column. A column without rows is 0; it is null where that is not known: its profiles are still to be made, or it
 *  has not begun. */
export function fillColumns(
  columns: Columns,
  cells: readonly { columnIndex: number; rowCount: number }[],
  waitingStartsMs: ReadonlySet<number>,
  now: Date,
): (number | null)[] {
  const counts = new Map<number, number>();
  for (const { columnIndex, rowCount } of cells)
    counts.set(columnIndex, (counts.get(columnIndex) ?? 0) + rowCount);
  return columns.starts.map((start, i) => {
    const found = counts.get(i);
    if (found !== undefined) return found;
    return start > now || waitingStartsMs.has(start.getTime()) ? null : 0;
  });
}
