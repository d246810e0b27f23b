"use client";

import { useMemo } from "react";
import { outcomeNames, prepareQueryResult, sayAsked } from "#lib/charts/prepare-query-result.ts";
import type { QueryResult } from "#lib/domain/runbook.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import type { Status } from "../ui/status-mark.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { useZone } from "../ui/use-zone.ts";

const statuses: Record<QueryResult["outcome"], Status> = {
  in_range: "healthy",
  out_of_range: "breach",
  cannot_say: "unknown",
  shown: "unknown",
};

/** What a query step found: the verdict, what it was of, the worst of it over time. */
export function QueryResultView({
  result,
  hasSentence = true,
}: {
  result: QueryResult;
  hasSentence?: boolean;
}) {
  const zone = useZone();
  const chart = useMemo(() => prepareQueryResult(result, zone), [result, zone]);
  const others = result.rows.length > 1 ? result.rows : [];
  return (
    <div className="mt-1.5 flex min-w-0 flex-col gap-2 rounded-md border px-3 py-2.5 text-sm">
      {result.outcome !== "shown" && (
        <StatusMark status={statuses[result.outcome]} text={outcomeNames[result.outcome]} />
      )}
      {hasSentence && <p className="text-pretty">{result.sentence}</p>}
      <p className="text-ink-3 text-xs">
        {sayAsked(result, zone)}
        {result.notes.map((note) => ` · ${note}`).join("")}
      </p>
      {chart !== null && (
        <TimeSeriesChart
          title={`${result.statistic}, around the window`}
          model={chart}
          height={160}
        />
      )}
      {others.length > 0 && (
        <details>
          <summary className="cursor-pointer text-ink-2">
            {result.rowCount} were asked, the worst first
          </summary>
          <ul className="mt-1 flex flex-col">
            {others.map(({ name, outcome, text }) => (
              <li key={name} className="flex flex-wrap gap-x-3 border-b py-1 last:border-b-0">
                <span className="font-medium">{name}</span>
                <span className="min-w-0 flex-1 text-ink-2">{text}</span>
                <span className="text-ink-3">{outcomeNames[outcome].toLowerCase()}</span>
              </li>
            ))}
          </ul>
          {result.rowCount > result.rows.length && (
            <p className="mt-1 text-ink-3 text-xs">
              {result.rows.length} of {result.rowCount}.
            </p>
          )}
        </details>
      )}
    </div>
  );
}
