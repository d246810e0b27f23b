"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { driftQuery } from "#lib/api/drift.ts";
import { fleetQuery } from "#lib/api/fleet.ts";
import { freshnessQuery } from "#lib/api/freshness.ts";
import { volumeQuery } from "#lib/api/volume.ts";
import { prepareOverviewAnswer } from "#lib/charts/prepare-overview-answer.ts";
import { prepareVolumeChart } from "#lib/charts/prepare-volume-chart.ts";
import { ChangeSection } from "../change/change-section.tsx";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { ModelHeader } from "../model/model-header.tsx";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useZoom } from "../shell/use-zoom.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { OverviewFigures } from "./overview-figures.tsx";
import { VersionTable } from "./version-table.tsx";
import { WorstFeatures } from "./worst-features.tsx";

const refetchMs = 15_000;

export function OverviewPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const zoom = useZoom();
  const nowMs = useNow(5_000);
  const environment = scope.environment ?? "production";
  const modelScope = toSegmentScope(scope);
  const asked = { ...modelScope, ...scope.reference, statistic: scope.statistic };
  const live = { refetchInterval: refetchMs, placeholderData: keepPreviousData };
  const fleet = useQuery({ ...fleetQuery(workspace, { ...scope.range, environment }), ...live });
  const drift = useQuery({ ...driftQuery(workspace, model, asked), ...live });
  const volume = useQuery({ ...volumeQuery(workspace, model, modelScope), ...live });
  const freshness = useQuery({ ...freshnessQuery(workspace, model, modelScope), ...live });
  const chart = useMemo(
    () => (volume.data === undefined ? null : prepareVolumeChart(volume.data, scope.zone)),
    [volume.data, scope.zone],
  );
  const answer =
    fleet.data === undefined || drift.data === undefined || nowMs === null
      ? null
      : prepareOverviewAnswer({
          model,
          row: fleet.data.models.find((each) => each.name === model) ?? null,
          drift: drift.data,
          rangeText: scope.rangeText,
          beforeText: scope.beforeText,
          zone: scope.zone,
          nowMs,
        });
  return (
    <>
      <ModelHeader workspace={workspace} model={model} query={drift} hasSegment answer={answer} />
      <PageBody>
        <OverviewFigures
          volume={volume.data ?? null}
          drift={drift.data ?? null}
          freshness={freshness.data ?? null}
        />
        <div className="grid gap-8 xl:grid-cols-2">
          <QueryView
            query={drift}
            what={`The drift of ${model}`}
            skeleton={<Skeleton className="h-64 w-full" />}
          >
            {(data) => <WorstFeatures workspace={workspace} model={model} drift={data} />}
          </QueryView>
          <QueryView
            query={volume}
            what={`The volume of ${model}`}
            skeleton={<Skeleton className="h-64 w-full" />}
          >
            {() =>
              chart !== null && (
                <TimeSeriesChart title="Volume" model={chart} height={204} onZoom={zoom} />
              )
            }
          </QueryView>
        </div>
        <VersionTable workspace={workspace} model={model} />
        {volume.data !== undefined && (
          <ChangeSection
            workspace={workspace}
            model={model}
            environment={environment}
            from={volume.data.from}
            until={volume.data.until}
          />
        )}
      </PageBody>
    </>
  );
}
