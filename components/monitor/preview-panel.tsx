"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import type { MonitorPreview } from "#lib/api/monitor.ts";
import { monitorPreviewQuery } from "#lib/api/monitor.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { formatInstant } from "#lib/charts/format-time.ts";
import { nameSeriesOf } from "#lib/charts/name-monitor.ts";
import { prepareMonitorChart } from "#lib/charts/prepare-monitor-chart.ts";
import { plural } from "#lib/charts/sentence.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { ChangeMarks } from "../change/change-marks.tsx";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { QueryView } from "../request/query-view.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Segmented } from "../ui/segmented.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useZone } from "../ui/use-zone.ts";
import type { FormQuestion } from "./question-fields.tsx";

const dayChoices = ["7", "30", "90", "180"] as const;
const waitMs = 400;

/** What the question would have answered over the history that is stored. Asked again when nothing was typed for a moment. */
export function PreviewPanel({
  workspace,
  model,
  question,
  isValid,
}: {
  workspace: string;
  model: string;
  question: FormQuestion;
  isValid: boolean;
}) {
  const { get, set } = useUrlState();
  const days = dayChoices.find((one) => one === get("days")) ?? "30";
  const settled = useSettled(question);
  const query = useQuery({
    ...monitorPreviewQuery(workspace, model, { question: settled, days: Number(days) }),
    enabled: isValid,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <section aria-label="What it would have done" className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold text-base">What it would have done</h2>
        <Segmented
          label="Days of history"
          value={days}
          options={dayChoices.map((value) => ({ value, label: `${value} d` }))}
          onChange={(value) => set({ days: value }, "replace")}
        />
        {query.isFetching && <span className="text-ink-3 text-sm">Replaying…</span>}
      </div>
      {!isValid && (
        <p className="text-ink-2 text-sm">It is replayed once what is asked makes sense.</p>
      )}
      <QueryView query={query} what="The replay" skeleton={<Skeleton className="h-72" />}>
        {(preview) => (
          <ChangeMarks workspace={workspace} model={model}>
            <Replay preview={preview} question={settled} />
          </ChangeMarks>
        )}
      </QueryView>
    </section>
  );
}

function Replay({ preview, question }: { preview: MonitorPreview; question: FormQuestion }) {
  const zone = useZone();
  const { lines, firings, limit, reasons, unit } = preview;
  const [first] = lines;
  const nameSeries = nameSeriesOf([...lines, ...firings].map(({ series }) => series));
  const name = first === undefined ? "" : nameSeries(first.series);
  return (
    <>
      <p className="text-base" aria-live="polite">
        {preview.sentence}
      </p>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        <Figure term="Would have fired">
          {preview.firingCount} {plural(preview.firingCount, "time")}
        </Figure>
        <Figure term="In all">
          {preview.firingCount === 0 ? "–" : formatDuration(preview.firingMs)}
        </Figure>
        <Figure term="False alerts a day">
          {preview.falseAlertsPerDay === null ? "unknown" : `≤ ${short(preview.falseAlertsPerDay)}`}
        </Figure>
        <Figure term="Windows with a value">
          {preview.valueCount} of {preview.valueCount + preview.noDataCount + preview.failedCount}
        </Figure>
      </dl>
      <p className="text-ink-2 text-sm">{preview.falseAlerts}</p>
      {limit !== null && <p className="text-ink-2 text-sm">{limit}</p>}
      {first !== undefined && (
        <TimeSeriesChart
          title={name}
          model={prepareMonitorChart(
            {
              points: first.points,
              unit,
              what: name,
              stepMs: windowLengthMs[question.definition.cadence],
            },
            zone,
          )}
        />
      )}
      {firings.length > 0 && (
        <div>
          <h3 className="mb-2 font-medium text-sm">When it would have fired</h3>
          <ul className="flex max-h-64 flex-col gap-1 overflow-y-auto text-sm" tabIndex={-1}>
            {firings.toReversed().map((one) => (
              <li
                key={`${nameSeries(one.series)} ${one.from}`}
                className="flex flex-wrap gap-x-3 border-b py-1"
              >
                <span className="min-w-40 font-medium">{nameSeries(one.series)}</span>
                <span className="tabular text-ink-2">
                  {formatInstant(Date.parse(one.from), zone)}
                </span>
                <span className="text-ink-2">
                  {one.until === null
                    ? "and still would"
                    : `for ${formatDuration(Date.parse(one.until) - Date.parse(one.from))}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {reasons.length > 0 && (
        <p className="text-ink-3 text-sm">
          Without a value: {reasons.map(({ reason, count }) => `${count} × ${reason}`).join("; ")}.
        </p>
      )}
    </>
  );
}

function Figure({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-ink-3 text-xs">{term}</dt>
      <dd className="tabular font-semibold">{children}</dd>
    </div>
  );
}

const short = (value: number) => (value < 0.001 ? "0.001" : String(Number(value.toPrecision(2))));

/** What was typed last, once nothing was typed for a moment: a timer is outside of React. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), waitMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
