import type { FeatureQualityResult, QualityCheckResult } from "#lib/api/quality.ts";
import { formatCount, formatPValue, formatShare } from "#lib/charts/format-number.ts";
import { checkNames } from "#lib/charts/name-quality.ts";

const outcomeNames = {
  problem: "problem",
  negligible: "negligible",
  ok: "ok",
  cannot_say: "cannot say",
} as const;

/** Every check with what it is compared with, so that no share stands alone. */
export function CheckTable({ quality }: { quality: FeatureQualityResult }) {
  if (quality.checks.length === 0) return null;
  return (
    <section aria-label="Checks">
      <table className="tabular w-full text-sm">
        <thead>
          <tr className="text-ink-2 text-xs">
            <th className="h-7 border-b pr-3 text-left font-medium">Check</th>
            <th className="h-7 border-b px-2 text-right font-medium">Window</th>
            <th className="h-7 border-b px-2 text-right font-medium max-sm:hidden">95 %</th>
            <th className="h-7 border-b px-2 text-right font-medium">Against</th>
            <th className="h-7 border-b px-2 text-right font-medium max-sm:hidden">p, adj.</th>
            <th className="h-7 border-b pl-2 text-right font-medium">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {quality.checks.map((check) => (
            <CheckRow key={check.check} check={check} />
          ))}
        </tbody>
      </table>
      <p className="mt-1.5 text-ink-3 text-xs">
        {formatCount(quality.checks[0]?.windowTotal ?? 0)} rows
        {quality.checks[0]?.baselineTotal !== null &&
          ` against ${formatCount(quality.checks[0]?.baselineTotal ?? 0)}`}
        . {quality.distinct.isExact ? "" : "At least "}
        {formatCount(quality.distinct.window)} distinct values
        {quality.distinct.baseline !== null &&
          `, ${quality.distinct.isExact ? "" : "at least "}${formatCount(quality.distinct.baseline)} in the baseline`}
        .
      </p>
    </section>
  );
}

function CheckRow({ check }: { check: QualityCheckResult }) {
  const share = check.windowTotal === 0 ? null : check.windowCount / check.windowTotal;
  const isCut = check.windowCountMost > check.windowCount;
  return (
    <tr>
      <th scope="row" className="h-8 border-b pr-3 text-left font-normal">
        {checkNames[check.check]}
      </th>
      <td className="h-8 border-b px-2 text-right font-medium" title={`${check.windowCount} rows`}>
        {isCut ? "≥ " : ""}
        {formatShare(share)}
      </td>
      <td className="h-8 whitespace-nowrap border-b px-2 text-right text-ink-2 max-sm:hidden">
        {check.windowLower === null || check.windowUpper === null
          ? "–"
          : `${formatShare(check.windowLower)} to ${formatShare(check.windowUpper)}`}
      </td>
      <td className="h-8 border-b px-2 text-right text-ink-2">
        {check.measure === "declared" ? "declared" : sayBaseline(check)}
      </td>
      <td className="h-8 border-b px-2 text-right text-ink-2 max-sm:hidden">
        {formatPValue(check.adjustedPValue)}
      </td>
      <td
        className={`h-8 whitespace-nowrap border-b pl-2 text-right ${check.outcome === "problem" ? "font-semibold" : "text-ink-2"}`}
      >
        {outcomeNames[check.outcome]}
      </td>
    </tr>
  );
}

function sayBaseline({ baselineCount, baselineTotal }: QualityCheckResult): string {
  if (baselineCount === null || baselineTotal === null || baselineTotal === 0) return "–";
  return formatShare(baselineCount / baselineTotal);
}
