"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { freshnessQuery } from "#lib/api/freshness.ts";
import { volumeQuery } from "#lib/api/volume.ts";
import { prepareFreshnessAnswer } from "#lib/charts/prepare-freshness-answer.ts";
import { prepareLagChart } from "#lib/charts/prepare-lag-chart.ts";
import { prepareUsualVolume } from "#lib/charts/prepare-usual-volume.ts";
import { prepareVolumeChart } from "#lib/charts/prepare-volume-chart.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { ModelHeader } from "../model/model-header.tsx";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useZoom } from "../shell/use-zoom.ts";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { FreshnessTable } from "./freshness-table.tsx";
import { ObjectiveCard } from "./objective-card.tsx";

const refetchMs = 15_000;

export function FreshnessPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const zoom = useZoom();
  const nowMs = useNow(5_000);
  const live = { refetchInterval: refetchMs, placeholderData: keepPreviousData };
  const freshness = useQuery({
    ...freshnessQuery(workspace, model, toSegmentScope(scope)),
    ...live,
  });
  const volume = useQuery({ ...volumeQuery(workspace, model, toSegmentScope(scope)), ...live });
  const volumeChart = useMemo(
    () => (volume.data === undefined ? null : prepareVolumeChart(volume.data, scope.zone)),
    [volume.data, scope.zone],
  );
  const usualChart = useMemo(
    () => (volume.data === undefined ? null : prepareUsualVolume(volume.data, scope.zone)),
    [volume.data, scope.zone],
  );
  const lagChart = useMemo(
    () => (freshness.data === undefined ? null : prepareLagChart(freshness.data, scope.zone)),
    [freshness.data, scope.zone],
  );
  const answer =
    freshness.data === undefined || volume.data === undefined || nowMs === null
      ? null
      : prepareFreshnessAnswer(freshness.data, volume.data, {
          range: scope.rangeText,
          before: scope.beforeText,
          nowMs,
          zone: scope.zone,
        });
  return (
    <>
      <ModelHeader
        hasSegment
        workspace={workspace}
        model={model}
        query={freshness}
        answer={answer}
      />
      <PageBody>
        <QueryView
          query={volume}
          what={`The volume of ${model}`}
          skeleton={<Skeleton className="h-64 w-full" />}
        >
          {() =>
            volumeChart !== null &&
            usualChart !== null && (
              <>
                <TimeSeriesChart
                  title="Rows per hour, and what is usual"
                  model={usualChart}
                  onZoom={zoom}
                />
                <TimeSeriesChart title="Volume by version" model={volumeChart} onZoom={zoom} />
              </>
            )
          }
        </QueryView>
        <QueryView
          query={freshness}
          what={`The freshness of ${model}`}
          skeleton={
            <>
              <Skeleton className="h-64 w-full" />
              <SkeletonTable />
            </>
          }
        >
          {(data) => (
            <>
              {lagChart !== null && (
                <TimeSeriesChart
                  title="How late rows arrive"
                  model={lagChart}
                  height={180}
                  onZoom={zoom}
                />
              )}
              <ObjectiveCard workspace={workspace} model={model} freshness={data} />
              <FreshnessTable freshness={data} />
            </>
          )}
        </QueryView>
      </PageBody>
    </>
  );
}
