import type { FeatureDriftDetail } from "#lib/api/drift.ts";
import { formatCountExact, formatNumber } from "#lib/charts/format-number.ts";

type Side = FeatureDriftDetail["windowSide"];

const quantileNames = ["5 %", "25 %", "median", "75 %", "95 %"];

/** Both sides in figures. */
export function SideTable({
  isBaseline,
  reference,
  window,
}: {
  isBaseline: boolean;
  reference: Side | null;
  window: Side;
}) {
  const rows = rowsOf(reference, window);
  return (
    <section aria-label="Both sides in figures">
      <table className="tabular w-full text-sm">
        <thead>
          <tr className="text-ink-2 text-xs">
            <th className="h-7 border-b text-left font-medium">In figures</th>
            <th className="h-7 border-b px-3 text-right font-medium">
              {isBaseline ? "Baseline" : "Reference"}
            </th>
            <th className="h-7 border-b pl-3 text-right font-medium">Window</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, before, now }) => (
            <tr key={label}>
              <th scope="row" className="h-7 border-b text-left font-normal text-ink-2">
                {label}
              </th>
              <td className="h-7 border-b px-3 text-right text-ink-2">{before}</td>
              <td className="h-7 border-b pl-3 text-right">{now}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function rowsOf(reference: Side | null, window: Side) {
  const count = (label: string, pick: (side: Side) => number | null) => ({
    label,
    before: reference === null ? "–" : formatCountExact(pick(reference)),
    now: formatCountExact(pick(window)),
  });
  const number = (label: string, pick: (side: Side) => number | null) => ({
    label,
    before: reference === null ? "–" : formatNumber(pick(reference)),
    now: formatNumber(pick(window)),
  });
  const isNumeric = window.quantiles !== null || (reference?.quantiles ?? null) !== null;
  const spread = isNumeric
    ? [
        number("mean", ({ mean }) => mean),
        number("standard deviation", ({ standardDeviation }) => standardDeviation),
        number("smallest", ({ minimum }) => minimum),
        ...quantileNames.map((label, index) =>
          number(label, ({ quantiles }) => quantiles?.[index] ?? null),
        ),
        number("largest", ({ maximum }) => maximum),
      ]
    : [count("distinct values", ({ distinctCount }) => distinctCount)];
  const troubles = [
    count("missing", ({ missingCount }) => missingCount),
    count("NaN or infinite", ({ nonFiniteCount }) => nonFiniteCount),
    count("wrong type", ({ violationCount }) => violationCount),
  ].filter(({ before, now }) => (before !== "0" && before !== "–") || now !== "0");
  return [count("rows", ({ rowCount }) => rowCount), ...troubles, ...spread];
}
