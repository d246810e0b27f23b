"use client";

import type { Performance } from "#lib/api/performance.ts";
import { formatCount, formatCountExact, formatShare } from "#lib/charts/format-number.ts";

const classesMax = 8;

/** What was decided against what turned out; the classes with most labels. */
export function ConfusionTable({ performance }: { performance: Performance }) {
  const { confusion } = performance;
  const names = [...new Set(confusion.flatMap(({ decision, label }) => [label, decision]))];
  if (names.length === 0) return null;
  const shown = names.slice(0, classesMax);
  const total = confusion.reduce((sum, { count }) => sum + count, 0);
  const countOf = (decision: string, label: string) =>
    confusion.find((pair) => pair.decision === decision && pair.label === label)?.count ?? 0;
  return (
    <div className="min-w-0 overflow-x-auto">
      <h2 className="font-semibold text-base">Decided and turned out</h2>
      <p className="mt-0.5 text-ink-2 text-sm">
        {formatCount(total)} labelled decisions
        {names.length > shown.length && `; ${shown.length} of ${names.length} classes`}
      </p>
      <table className="tabular mt-3 text-sm">
        <caption className="sr-only">Counts of what was decided against what turned out</caption>
        <thead>
          <tr>
            <th scope="col" className="py-1 pr-4 text-left font-normal text-ink-3 text-xs">
              decided
            </th>
            {shown.map((label) => (
              <th key={label} scope="col" className="px-3 py-1 text-right font-medium font-mono">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((decision) => (
            <tr key={decision} className="border-t">
              <th scope="row" className="py-1.5 pr-4 text-left font-medium font-mono">
                {decision}
              </th>
              {shown.map((label) => {
                const count = countOf(decision, label);
                return (
                  <td
                    key={label}
                    title={formatCountExact(count)}
                    className={`px-3 py-1.5 text-right ${decision === label ? "font-semibold" : ""}`}
                  >
                    {formatCount(count)}
                    <span className="ml-2 text-ink-3 text-xs">
                      {total === 0 ? "" : formatShare(count / total)}
                    </span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
