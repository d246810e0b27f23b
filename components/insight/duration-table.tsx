import type { Insight } from "#lib/api/insight.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { fewIncidents, measureNames } from "#lib/charts/prepare-insight-answer.ts";

/** Medians, p90s and how many they are of, each with its definition. */
export function DurationTable({ insight }: { insight: Insight }) {
  return (
    <section aria-label="How long it took">
      <h2 className="font-semibold text-base">How long it took</h2>
      <div className="mt-3 grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        {insight.durations.map(({ measure, medianMs, p90Ms, count, withoutCount }) => (
          <div key={measure} className="rounded-lg border px-4 py-3">
            <h3 className="font-medium text-sm">{measureNames[measure]}</h3>
            <p className="text-ink-3 text-xs">{insight.definitions[measure]}</p>
            <dl className="mt-2 grid grid-cols-2 gap-x-4 text-sm">
              <dt className="text-ink-3 text-xs">Median</dt>
              <dt className="text-ink-3 text-xs">p90</dt>
              <dd className="tabular font-semibold text-lg">{formatDuration(medianMs)}</dd>
              <dd className="tabular font-semibold text-lg">{formatDuration(p90Ms)}</dd>
            </dl>
            <p className="mt-1 text-ink-2 text-xs">
              {count === 0 ? "no incident has both moments" : `of ${count}`}
              {count > 0 && count < fewIncidents && ", too few to trust the p90"}
              {withoutCount > 0 && count > 0 && `; ${withoutCount} lack a moment`}
            </p>
          </div>
        ))}
      </div>
      <p className="mt-2 text-ink-3 text-xs">
        {insight.definitions.quantiles} An incident that lacks one of the two moments is left out
        and counted, never taken for zero.
      </p>
    </section>
  );
}
