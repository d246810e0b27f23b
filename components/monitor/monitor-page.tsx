"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Play } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { MonitorDetail } from "#lib/api/monitor.ts";
import {
  deleteMonitor,
  enableMonitor,
  monitorHistoryQuery,
  monitorQuery,
  runMonitor,
} from "#lib/api/monitor.ts";
import { nameSeriesOf } from "#lib/charts/name-monitor.ts";
import { prepareMonitorAnswer } from "#lib/charts/prepare-monitor-answer.ts";
import { prepareMonitorChart } from "#lib/charts/prepare-monitor-chart.ts";
import type { MonitorSeries } from "#lib/domain/monitor.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { ChangeMarks } from "../change/change-marks.tsx";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { AsOf } from "../request/as-of.tsx";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";
import { DefinitionList } from "./definition-list.tsx";
import { MonitorAlerts } from "./monitor-alerts.tsx";
import { SeriesTable } from "./series-table.tsx";

const refetchMs = 15_000;
const dayChoices = ["2", "14", "90"] as const;

export function MonitorPage({ workspace, monitorId }: { workspace: string; monitorId: string }) {
  const query = useQuery({
    ...monitorQuery(workspace, monitorId),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  const nowMs = useNow(5_000);
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Monitors", href: paths.monitors(workspace) },
          { label: query.data?.name ?? "Monitor", href: null },
        ]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data && nowMs !== null ? prepareMonitorAnswer(query.data, nowMs) : null}
        controls={
          query.data === undefined ? undefined : (
            <Controls workspace={workspace} monitor={query.data} />
          )
        }
      />
      <PageBody>
        <QueryView query={query} what="The monitor" skeleton={<SkeletonTable rows={6} />}>
          {(monitor) => (
            <>
              <ChangeMarks
                workspace={workspace}
                model={monitor.model}
                environment={monitor.environment}
              >
                <History workspace={workspace} monitor={monitor} />
              </ChangeMarks>
              <SeriesTable monitor={monitor} />
              <MonitorAlerts workspace={workspace} monitorId={monitor.id} />
              <DefinitionList monitor={monitor} />
            </>
          )}
        </QueryView>
      </PageBody>
    </>
  );
}

function Controls({ workspace, monitor }: { workspace: string; monitor: MonitorDetail }) {
  const { id, isEnabled, name } = monitor;
  const client = useQueryClient();
  const router = useRouter();
  const [isDeleting, setIsDeleting] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["monitor", workspace] });
  const run = useMutation({ mutationFn: () => runMonitor(workspace, id), onSuccess: refresh });
  const enable = useMutation({
    mutationFn: () => enableMonitor(workspace, id, !isEnabled),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: () => deleteMonitor(workspace, id),
    onSuccess: async () => {
      router.push(paths.monitors(workspace));
      await refresh();
    },
  });
  const failure = sayFailure(run.error ?? enable.error);
  return (
    <>
      {failure !== null && (
        <span role="alert" className="text-breach text-sm">
          {failure}
        </span>
      )}
      <Button disabled={!isEnabled || run.isPending} onClick={() => run.mutate()}>
        <Play size={14} aria-hidden />
        {run.isSuccess ? "Asked" : "Ask now"}
      </Button>
      <Button disabled={enable.isPending} onClick={() => enable.mutate()}>
        {isEnabled ? "Switch off" : "Switch on"}
      </Button>
      <Link
        href={paths.silences(workspace)}
        prefetch={false}
        className={buttonClass({ kind: "plain" })}
      >
        Silence
      </Link>
      <Link
        href={paths.editMonitor(workspace, id)}
        prefetch={false}
        className={buttonClass({ kind: "plain" })}
      >
        <Pencil size={14} aria-hidden />
        Edit
      </Link>
      <Button kind="danger" onClick={() => setIsDeleting(true)}>
        Delete
      </Button>
      <ConfirmDialog
        isOpen={isDeleting}
        onOpenChange={setIsDeleting}
        title={`Delete the monitor "${name}"`}
        description="It is not asked any more. Alerts and incidents that it raised stay, and so do its values."
        name={name}
        action="Delete it"
        isBusy={remove.isPending}
        error={sayFailure(remove.error)}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}

const seriesFields = ["version", "subject", "column", "segmentKey", "segmentValue"] as const;

function History({ workspace, monitor }: { workspace: string; monitor: MonitorDetail }) {
  const { get, set } = useUrlState();
  const zone = useZone();
  const days = dayChoices.find((one) => one === get("days")) ?? "14";
  const chosen = monitor.series.find(({ series }) => isChosen(series, get)) ?? monitor.series[0];
  const query = useQuery({
    ...monitorHistoryQuery(workspace, monitor.id, { ...chosen?.series, days: Number(days) }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  const nameOf = nameSeriesOf(monitor.series.map(({ series }) => series));
  const title = chosen === undefined ? "Values" : nameOf(chosen.series);
  return (
    <section className="flex min-w-0 flex-col gap-3" aria-label="Values over time">
      <div className="flex flex-wrap items-center gap-3">
        <Segmented
          label="Days of history"
          value={days}
          options={dayChoices.map((value) => ({ value, label: `${value} d` }))}
          onChange={(value) => set({ days: value })}
        />
      </div>
      <QueryView query={query} what="The history" skeleton={<Skeleton className="h-60" />}>
        {({ points }) => (
          <TimeSeriesChart
            title={title}
            model={prepareMonitorChart(
              {
                points,
                unit: monitor.unit,
                what: title,
                stepMs: windowLengthMs[monitor.definition.cadence],
              },
              zone,
            )}
          />
        )}
      </QueryView>
    </section>
  );
}

function isChosen(series: MonitorSeries, get: (name: string) => string | undefined): boolean {
  return (
    get("column") !== undefined &&
    seriesFields.every((field) => (get(field) ?? "").trim() === series[field].trim())
  );
}
