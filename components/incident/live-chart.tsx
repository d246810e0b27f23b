"use client";

import { useQuery } from "@tanstack/react-query";
import type { Alert } from "#lib/api/alert.ts";
import type { Incident } from "#lib/api/incident.ts";
import { monitorHistoryQuery } from "#lib/api/monitor.ts";
import { RequestError } from "#lib/api/request.ts";
import { daysToShow, prepareLiveChart } from "#lib/charts/prepare-live-chart.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { QueryView } from "../request/query-view.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";

export interface LiveChartProps {
  workspace: string;
  incident: Incident;
  alert: Alert;
  evidence: FrozenEvidence;
}

const refetchMs = 30_000;

/** The same question as the evidence answers, as it is answered now, with the impact marked. */
export function LiveChart(props: LiveChartProps) {
  const nowMs = useNow(60_000);
  return nowMs === null ? null : <Chart {...props} nowMs={nowMs} />;
}

function Chart({
  workspace,
  incident,
  alert,
  evidence,
  nowMs,
}: LiveChartProps & { nowMs: number }) {
  const zone = useZone();
  const { environment, version, subject, column, segmentKey, segmentValue } = alert.series;
  const query = useQuery({
    ...monitorHistoryQuery(workspace, alert.monitorId, {
      environment,
      version,
      subject,
      column,
      segmentKey,
      segmentValue,
      days: daysToShow(incident, nowMs),
    }),
    refetchInterval: refetchMs,
  });
  const isGone = query.error instanceof RequestError && query.error.problem.status === 404;
  if (isGone)
    return (
      <p className="text-ink-2 text-sm">
        The monitor is gone or is an objective: there is no live value beside the frozen one.
      </p>
    );
  return (
    <QueryView query={query} what="The live values" skeleton={<Skeleton className="h-56 w-full" />}>
      {({ points }) => (
        <TimeSeriesChart
          title="Live, as it is judged now"
          model={prepareLiveChart({ points, evidence, incident, nowMs }, zone)}
        />
      )}
    </QueryView>
  );
}
