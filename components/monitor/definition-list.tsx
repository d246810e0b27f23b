"use client";

import type { ReactNode } from "react";
import type { MonitorDetail } from "#lib/api/monitor.ts";
import { formatReading, nameQuestion } from "#lib/charts/describe-reading.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { monitorKindNames } from "#lib/charts/name-monitor.ts";
import { plural } from "#lib/charts/sentence.ts";
import { TimeText } from "../ui/time-text.tsx";

/** What a monitor asks, in full. */
export function DefinitionList({ monitor }: { monitor: MonitorDetail }) {
  const { kind, definition, skippedCount, skippedUntil } = monitor;
  const { target, segment } = definition;
  return (
    <section aria-label="What it asks">
      <h2 className="mb-3 font-semibold text-base">What it asks</h2>
      <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
        <Entry term="Watches">
          {monitorKindNames[kind]}: {nameQuestion(kind, definition.statistic)}
          {definition.expression !== undefined && (
            <code className="block whitespace-pre-wrap break-words font-mono text-xs">
              {definition.expression}
            </code>
          )}
        </Entry>
        <Entry term="Of">
          {target.feature ?? target.kind} of {monitor.model}, {monitor.environment},{" "}
          {monitor.version ?? "each version"}
          {segment !== null &&
            `, ${segment.value === null ? `each ${segment.key}` : `${segment.key} = ${segment.value}`}`}
        </Entry>
        <Entry term="Window">
          {definition.window} every {definition.cadence},{" "}
          {formatDuration(definition.settleSeconds * 1_000)} after its end
        </Entry>
        <Entry term="Compared with">{definition.reference.replaceAll("_", " ")}</Entry>
        <Entry term="Fires">{sayThreshold(monitor)}</Entry>
        <Entry term="Windows">
          {monitor.fireCount} of {monitor.windowCount} to fire, {monitor.clearCount} in a row to
          clear
        </Entry>
        <Entry term="Rows needed">{definition.sampleMin}</Entry>
        <Entry term="Owner">{monitor.ownerName ?? "nobody in particular"}</Entry>
        {monitor.runbookUrl !== null && (
          <Entry term="Runbook">
            <a
              href={monitor.runbookUrl}
              rel="noreferrer"
              target="_blank"
              className="break-all text-accent hover:underline"
            >
              {monitor.runbookUrl}
            </a>
          </Entry>
        )}
        <Entry term="Next asked">
          {monitor.isEnabled ? <TimeText iso={monitor.nextAt} isAbsolute /> : "not while it is off"}
        </Entry>
        {skippedUntil !== null && (
          <Entry term="Skipped">
            {skippedCount} {plural(skippedCount, "window")} that a stop of the worker left out, the
            last until <TimeText iso={skippedUntil} isAbsolute />
          </Entry>
        )}
        <Entry term="Changed">
          <TimeText iso={monitor.updatedAt} />, revision {monitor.revision}
        </Entry>
      </dl>
    </section>
  );
}

function Entry({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="flex gap-3 border-b pb-2 text-sm">
      <dt className="w-32 shrink-0 text-ink-3">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function sayThreshold({ definition, unit }: MonitorDetail): string {
  const { threshold, falseDiscoveryRate } = definition;
  const percent = (share: number) => `${Number((share * 100).toPrecision(4))} %`;
  switch (threshold.kind) {
    case "verdict":
      return `by the calibrated verdict, ${percent(falseDiscoveryRate)} false findings at most`;
    case "fixed":
      return `${threshold.direction} ${formatReading(threshold.fire, unit)}, clears at ${formatReading(threshold.clear, unit)}`;
    case "learned":
      return `${threshold.direction === "either" ? "outside" : threshold.direction} what is usual at this time of the week, ${percent(threshold.coverage)} inside`;
  }
}
