export type ChartCell = string | number | null;

/** The same figures as the picture: what the table view shows and the CSV holds. Times in it are UTC. */
export interface ChartTable {
  columns: readonly string[];
  rows: readonly (readonly ChartCell[])[];
}

// A spreadsheet runs what begins like a formula; a feature may be called anything.
const FORMULA = /^[=+\-@\t\r]/;

function toField(cell: ChartCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsv(table: ChartTable): string {
  return `${[table.columns, ...table.rows].map((row) => row.map(toField).join(",")).join("\r\n")}\r\n`;
}
