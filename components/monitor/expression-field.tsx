"use client";

import {
  expressionColumns,
  expressionFunctions,
  expressionLimits,
} from "#lib/domain/expression.ts";
import { Field } from "../ui/field.tsx";

const featuresShownMax = 8;

/** A name that is no plain word stands in backquotes. */
const quote = (name: string) =>
  /^[A-Za-z_][\w.]*$/.test(name) && ![...expressionColumns, "and", "or", "not"].includes(name)
    ? name
    : `\`${name}\``;

/** What a monitor computes, in its own small language; what is wrong is said at its line and column. */
export function ExpressionField({
  value,
  features,
  error,
  onChange,
}: {
  value: string;
  features: readonly string[];
  error: string | null;
  onChange: (value: string) => void;
}) {
  const columns = [...features.slice(0, featuresShownMax).map(quote), ...expressionColumns];
  const rest = features.length - featuresShownMax;
  return (
    <div className="sm:col-span-2">
      <Field
        label="Expression"
        error={error}
        help="Arithmetic and comparisons over statistics of columns; a comparison is 1 where it holds and 0 where not."
      >
        {(control) => (
          <textarea
            {...control}
            rows={3}
            spellCheck={false}
            maxLength={expressionLimits.lengthMax}
            className="w-full min-w-0 rounded-md border border-line-strong/60 bg-page px-2.5 py-1.5 font-mono text-ink text-sm hover:border-line-strong aria-invalid:border-breach"
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <details className="mt-1 text-ink-2 text-xs">
        <summary className="cursor-pointer">What can be written</summary>
        <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
          <dt>Examples</dt>
          <dd className="font-mono">
            <span className="block">
              mean({columns[0]}) / reference(mean({columns[0]}))
            </span>
            <span className="block">missing_share({columns[0]}) &gt; 0.05 or rows() &lt; 100</span>
            <span className="block">quantile(latency, 0.99)</span>
          </dd>
          <dt>Functions</dt>
          <dd className="break-words font-mono">{expressionFunctions.join(", ")}</dd>
          <dt>Columns</dt>
          <dd className="break-words font-mono">
            {columns.join(", ")}
            {rest > 0 && `, and ${rest} more`}
          </dd>
        </dl>
      </details>
    </div>
  );
}
