import type { FeatureDrift } from "#lib/api/drift.ts";
import { formatCount, formatNumber, formatPValue } from "#lib/charts/format-number.ts";
import { statisticNames } from "#lib/charts/name-statistic.ts";

/** Every statistic with what noise alone gives, so that none stands alone. */
export function StatisticTable({ drift }: { drift: FeatureDrift }) {
  if (drift.statistics.length === 0) return null;
  return (
    <section aria-label="Statistics">
      <table className="tabular w-full text-sm">
        <thead>
          <tr className="text-ink-2 text-xs">
            <th className="h-7 border-b pr-3 text-left font-medium">Statistic</th>
            <th className="h-7 border-b px-3 text-right font-medium">Value</th>
            <th className="h-7 border-b px-3 text-right font-medium">Noise gives</th>
            <th className="h-7 border-b px-3 text-right font-medium">p</th>
            <th className="h-7 border-b pl-3 text-right font-medium max-sm:hidden">Known to</th>
          </tr>
        </thead>
        <tbody>
          {drift.statistics.map((each) => (
            <tr key={each.statistic}>
              <th scope="row" className="h-8 border-b pr-3 text-left font-normal">
                {statisticNames[each.statistic]}
              </th>
              <td className="h-8 border-b px-3 text-right font-medium">
                {formatNumber(each.value)}
              </td>
              <td className="h-8 border-b px-3 text-right text-ink-2">
                {formatNumber(each.nullExpectation)}
              </td>
              <td className="h-8 border-b px-3 text-right text-ink-2">
                {formatPValue(each.pValue)}
              </td>
              <td className="h-8 border-b pl-3 text-right text-ink-2 max-sm:hidden">
                {each.bound === 0 ? "exact" : `+ ${formatNumber(each.bound)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-1.5 text-ink-3 text-xs">
        {formatCount(drift.windowCount)} rows against {formatCount(drift.referenceCount)}.
        {drift.adjustedPValue !== null &&
          ` p adjusted for all features together: ${formatPValue(drift.adjustedPValue)}.`}
      </p>
    </section>
  );
}
