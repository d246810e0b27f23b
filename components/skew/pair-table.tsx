import type { FeatureSkewDetail } from "#lib/api/skew.ts";
import { formatCount, formatNumber } from "#lib/charts/format-number.ts";

const shownMax = 10;

/** Which value stands against which, the most frequent first; of numbers, by how much they are apart. */
export function PairTable({ detail }: { detail: FeatureSkewDetail }) {
  const rows = [
    ...detail.confusion.map(({ offline, served, count }) => ({
      key: `${offline} ${served}`,
      offline,
      served,
      count,
    })),
    ...[...detail.differences]
      .sort((a, b) => b.count - a.count)
      .map(({ from, until, count }) => ({
        key: `${from}`,
        offline: "a number",
        served: `${from > 0 ? "+" : ""}${formatNumber(from)} to ${until > 0 ? "+" : ""}${formatNumber(until)}`,
        count,
      })),
  ];
  if (rows.length === 0) return null;
  const hidden =
    rows.slice(shownMax).reduce((sum, { count }) => sum + count, 0) + detail.confusionOtherCount;
  return (
    <section aria-label="Differing values">
      <table className="tabular w-full text-sm">
        <thead>
          <tr className="text-ink-2 text-xs">
            <th className="h-7 border-b pr-3 text-left font-medium">Offline</th>
            <th className="h-7 border-b px-3 text-left font-medium">Served</th>
            <th className="h-7 border-b pl-3 text-right font-medium">Pairs</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shownMax).map(({ key, offline, served, count }) => (
            <tr key={key}>
              <td className="max-w-40 truncate border-b py-1.5 pr-3 font-mono">{offline}</td>
              <td className="max-w-40 truncate border-b px-3 py-1.5 font-mono">{served}</td>
              <td className="border-b py-1.5 pl-3 text-right">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <p className="mt-1.5 text-ink-3 text-xs">
          {formatCount(hidden)} more pairs of other values.
        </p>
      )}
    </section>
  );
}
