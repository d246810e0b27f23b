"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import type { Performance, PerformanceScope } from "#lib/api/performance.ts";
import { performanceQuery } from "#lib/api/performance.ts";
import { firstMetric, nameMetric } from "#lib/charts/name-metric.ts";
import { prepareCalibration } from "#lib/charts/prepare-calibration.ts";
import { prepareCoverageChart } from "#lib/charts/prepare-coverage-chart.ts";
import { preparePerformanceAnswer } from "#lib/charts/prepare-performance-answer.ts";
import { preparePerformanceChart } from "#lib/charts/prepare-performance-chart.ts";
import { prepareResiduals } from "#lib/charts/prepare-residuals.ts";
import { performanceBucketSchema, performanceBuckets } from "#lib/domain/performance.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { ModelHeader } from "../model/model-header.tsx";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { RootCauseCard } from "../root-cause/root-cause-card.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { useZoom } from "../shell/use-zoom.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Select } from "../ui/select.tsx";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { CalibrationPlot } from "./calibration-plot.tsx";
import { ClassTable } from "./class-table.tsx";
import { ConfusionTable } from "./confusion-table.tsx";
import { MetricTable } from "./metric-table.tsx";
import { ResidualPlot } from "./residual-plot.tsx";

/** Below the fold of a page that is weighed: fetched after it. */
const ThresholdBoard = lazy(() =>
  import("./threshold-board.tsx").then((module) => ({ default: module.ThresholdBoard })),
);

const refetchMs = 30_000;
const asFits = "auto";

export function PerformancePage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const { get, set } = useUrlState();
  const bucket = performanceBucketSchema.safeParse(get("bucket")).data;
  const asked: PerformanceScope = {
    ...toSegmentScope(scope),
    ...(bucket !== undefined && { bucket }),
  };
  const query = useQuery({
    ...performanceQuery(workspace, model, asked),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  const metrics = Object.keys(query.data?.window.metrics ?? {});
  const wanted = get("metric");
  const metric =
    wanted !== undefined && metrics.includes(wanted)
      ? wanted
      : firstMetric(query.data?.task ?? null);
  const answer =
    query.data === undefined ? null : preparePerformanceAnswer(query.data, metric, scope.rangeText);
  return (
    <>
      <ModelHeader
        hasSegment
        workspace={workspace}
        model={model}
        query={query}
        version={query.data?.version ?? null}
        answer={answer}
        controls={
          <>
            {metric !== null && (
              <Select
                label="Metric"
                value={metric}
                options={metrics.map((value) => ({ value, label: nameMetric(value) }))}
                onChange={(value) => set({ metric: value })}
              />
            )}
            <Select
              label="Bucket"
              prefix="per"
              value={bucket ?? asFits}
              options={[
                { value: asFits, label: query.data?.bucket ?? "bucket", hint: "as fits" },
                ...performanceBuckets.map((value) => ({ value, label: value })),
              ]}
              onChange={(value) => set({ bucket: value === asFits ? null : value })}
            />
          </>
        }
      />
      <PageBody>
        <QueryView
          query={query}
          what={`The performance of ${model}`}
          skeleton={
            <>
              <Skeleton className="h-64 w-full" />
              <SkeletonTable />
            </>
          }
        >
          {(data) =>
            metric === null ? (
              <EmptyState title="Nothing to judge yet">
                A model is judged once its task is known: it shows in what the model predicts, and
                can be confirmed on the page Schema.
              </EmptyState>
            ) : (
              <PerformanceBoard
                workspace={workspace}
                model={model}
                performance={data}
                metric={metric}
              />
            )
          }
        </QueryView>
      </PageBody>
    </>
  );
}

interface PerformanceBoardProps {
  workspace: string;
  model: string;
  performance: Performance;
  metric: string;
}

function PerformanceBoard({ workspace, model, performance, metric }: PerformanceBoardProps) {
  const { zone } = useScope();
  const zoom = useZoom();
  const chart = useMemo(
    () => preparePerformanceChart(performance, metric, zone),
    [performance, metric, zone],
  );
  const coverage = useMemo(() => prepareCoverageChart(performance, zone), [performance, zone]);
  const residuals = useMemo(() => prepareResiduals(performance), [performance]);
  const calibration = useMemo(() => prepareCalibration(performance), [performance]);
  return (
    <>
      <TimeSeriesChart title="Realised and estimated" model={chart} onZoom={zoom} height={260} />
      {performance.window.labelledCount === 0 ? (
        <EmptyState title="No labels yet">
          Send what turned out for a prediction&apos;s id to /v1/labels, however late: the hour in
          which the prediction was made is judged anew.
        </EmptyState>
      ) : (
        <>
          <RootCauseCard workspace={workspace} model={performance.model} of="performance" />
          <div className="grid gap-8 md:grid-cols-2">
            {calibration !== null && <CalibrationPlot model={calibration} />}
            <ConfusionTable performance={performance} />
          </div>
          {residuals !== null && <ResidualPlot model={residuals} />}
          <ClassTable performance={performance} />
          {performance.scores !== null && (
            <Suspense fallback={<Skeleton className="h-96 w-full" />}>
              <ThresholdBoard workspace={workspace} model={model} performance={performance} />
            </Suspense>
          )}
          <TimeSeriesChart title="Labels" model={coverage} onZoom={zoom} height={160} />
          <MetricTable performance={performance} />
        </>
      )}
    </>
  );
}
