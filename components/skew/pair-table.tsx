import type { FeatureSkewDetail } from "#lib/api/skew.ts";
import { formatCount, formatNumber } from "#lib/charts/format-number.ts";

const shownMax = 10;

/** Which value stands against which, and by how much numbers are apart; the most frequent first. */
export function PairTable({ detail }: { detail: FeatureSkewDetail }) {
  const differences = [...detail.differences].sort((a, b) => b.count - a.count);
  return (
    <>
      {detail.confusion.length > 0 && (
        <Counts
          label="Differing values"
          headers={["Offline", "Served"]}
          rows={detail.confusion.map(({ offline, served, count }) => ({
            cells: [offline, served],
            count,
          }))}
          otherCount={detail.confusionOtherCount}
        />
      )}
      {differences.length > 0 && (
        <Counts
          label="Differences of numbers"
          headers={["Served minus offline"]}
          rows={differences.map(({ from, until, count }) => ({
            cells: [`${signed(from)} to ${signed(until)}`],
            count,
          }))}
          otherCount={0}
        />
      )}
    </>
  );
}

const signed = (value: number) => `${value > 0 ? "+" : ""}${formatNumber(value)}`;

function Counts({
  label,
  headers,
  rows,
  otherCount,
}: {
  label: string;
  headers: readonly string[];
  rows: readonly { cells: readonly string[]; count: number }[];
  otherCount: number;
}) {
  const hidden = rows.slice(shownMax).reduce((sum, { count }) => sum + count, otherCount);
  return (
    <section aria-label={label}>
      <table className="tabular w-full text-sm">
        <thead>
          <tr className="text-ink-2 text-xs">
            {headers.map((header) => (
              <th key={header} className="h-7 border-b pr-3 text-left font-medium">
                {header}
              </th>
            ))}
            <th className="h-7 border-b text-right font-medium">Pairs</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shownMax).map(({ cells, count }) => (
            <tr key={cells.join(" ")}>
              {headers.map((header, i) => (
                <td key={header} className="max-w-40 truncate border-b py-1.5 pr-3 font-mono">
                  {cells[i]}
                </td>
              ))}
              <td className="border-b py-1.5 text-right">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && <p className="mt-1.5 text-ink-3 text-xs">{formatCount(hidden)} more pairs.</p>}
    </section>
  );
}
