"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import type { Prediction } from "#lib/api/prediction.ts";
import { formatDuration, formatNumber } from "#lib/charts/format-number.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { sayPrediction, sayValue } from "./say-prediction.ts";

/** One prediction whole: what went in, what came out, its label, its explanation. */
export function RowPanel({ row }: { row: Prediction }) {
  const { set } = useUrlState();
  const features = Object.entries(row.features);
  const hasWeights = Object.keys(row.explanations).length > 0;
  const hasTimes = Object.keys(row.featureTimestamps).length > 0;
  const probabilities = Object.entries(row.prediction.probabilities).sort(([, a], [, b]) => b - a);
  return (
    <section
      aria-label={`Prediction ${row.predictionId}`}
      className="rounded-lg border px-4 py-4 xl:sticky xl:top-4 xl:max-h-[calc(100dvh-32px)] xl:overflow-y-auto"
    >
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 break-all font-mono font-semibold text-base">
          {row.predictionId}
        </h2>
        <CopyButton text={row.predictionId} label="Copy the id" />
        <Button
          kind="quiet"
          size="iconSm"
          aria-label="Close the row"
          onClick={() => set({ row: null })}
        >
          <X size={16} aria-hidden />
        </Button>
      </div>
      <dl className="mt-3 grid grid-cols-[120px_1fr] gap-y-1 text-sm">
        <Entry label="Prediction">
          <span className="font-medium">{sayPrediction(row)}</span>
        </Entry>
        <Entry label="Label">
          {row.label === null ? (
            <span className="text-ink-3">not in yet</span>
          ) : (
            <>
              {sayValue(row.label.value)}{" "}
              <span className="text-ink-3">
                <TimeText iso={row.label.labelTimestamp} />
                {row.label.count > 1 && `, corrected, ${row.label.count} sent`}
              </span>
            </>
          )}
        </Entry>
        <Entry label="Made">
          <TimeText iso={row.timestamp} isAbsolute />
        </Entry>
        <Entry label="Received">
          {formatDuration(Date.parse(row.receivedAt) - Date.parse(row.timestamp))} later
        </Entry>
        <Entry label="Version">
          <span className="font-mono">{row.version}</span> in {row.environment}
        </Entry>
        {row.entityId !== "" && (
          <Entry label="Entity">
            <span className="font-mono">{row.entityId}</span>
          </Entry>
        )}
        {row.latencyMs !== null && <Entry label="Latency">{formatDuration(row.latencyMs)}</Entry>}
        {row.traceId !== "" && (
          <Entry label="Trace">
            <span className="break-all font-mono">{row.traceId}</span>
          </Entry>
        )}
        {row.groupId !== "" && (
          <Entry label="Group">
            <span className="font-mono">{row.groupId}</span>
            {row.rank !== null && `, rank ${row.rank}`}
          </Entry>
        )}
        {Object.entries(row.tags).map(([key, value]) => (
          <Entry key={key} label={`tag ${key}`}>
            <span className="font-mono">{value}</span>
          </Entry>
        ))}
        {probabilities.map(([label, probability]) => (
          <Entry key={label} label={`P(${label})`}>
            <span className="tabular">{formatNumber(probability)}</span>
          </Entry>
        ))}
      </dl>
      <div className="mt-4 overflow-x-auto">
        <table className="w-full text-sm">
          <thead>
            <tr className="text-ink-2 text-xs">
              <th className="h-7 border-b text-left font-medium">{features.length} features</th>
              <th className="h-7 border-b px-3 text-right font-medium">Value</th>
              {hasWeights && <th className="h-7 border-b px-3 text-right font-medium">Weight</th>}
              {hasTimes && <th className="h-7 border-b pl-3 text-right font-medium">Age</th>}
            </tr>
          </thead>
          <tbody>
            {features.map(([feature, value]) => (
              <tr key={feature}>
                <th
                  scope="row"
                  className="h-7 max-w-48 truncate border-b text-left font-mono font-normal text-ink-2"
                >
                  {feature}
                </th>
                <td
                  className="tabular h-7 max-w-56 truncate border-b px-3 text-right font-mono"
                  title={sayValue(value)}
                >
                  {value === null ? (
                    <span className="text-ink-3 italic">missing</span>
                  ) : (
                    sayValue(value)
                  )}
                </td>
                {hasWeights && (
                  <td className="tabular h-7 border-b px-3 text-right">
                    {formatNumber(row.explanations[feature] ?? null)}
                  </td>
                )}
                {hasTimes && (
                  <td className="tabular h-7 border-b pl-3 text-right text-ink-2">
                    {ageOf(row, feature)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ageOf(row: Prediction, feature: string): string {
  const at = row.featureTimestamps[feature];
  return at === undefined ? "–" : formatDuration(Date.parse(row.timestamp) - Date.parse(at));
}

function Entry({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="truncate text-ink-3">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
