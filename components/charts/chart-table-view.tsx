import type { ChartTable } from "#lib/charts/chart-table.ts";

const rowsShownMax = 500;

/** The figures behind a picture, as they are: times in UTC, no rounding. */
export function ChartTableView({ table, name }: { table: ChartTable; name: string }) {
  const shown = table.rows.slice(0, rowsShownMax);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div tabIndex={0} className="max-h-80 overflow-auto rounded-lg border">
        <table aria-label={`${name}, figures`} className="tabular w-full text-xs">
          <thead className="sticky top-0 bg-page">
            <tr>
              {table.columns.map((column) => (
                <th
                  key={column}
                  className="h-8 whitespace-nowrap border-b px-3 text-left font-medium text-ink-2"
                >
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rows are a fixed list
              <tr key={index}>
                {row.map((cell, column) => (
                  <td
                    key={table.columns[column] ?? column}
                    className="h-7 whitespace-nowrap border-b px-3 text-ink"
                  >
                    {cell ?? <span className="text-ink-3">–</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.rows.length > shown.length && (
        <p className="mt-1 text-ink-3 text-xs">
          {shown.length} of {table.rows.length} rows; the CSV has all of them.
        </p>
      )}
    </>
  );
}
