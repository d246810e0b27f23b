"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useMemo } from "react";
import type { FeatureDriftDetail } from "#lib/api/drift.ts";
import { featureDriftQuery } from "#lib/api/drift.ts";
import { prepareDistribution } from "#lib/charts/prepare-distribution.ts";
import { prepareDriftSeries } from "#lib/charts/prepare-drift-series.ts";
import { prepareFeatureDriftAnswer } from "#lib/charts/prepare-feature-drift-answer.ts";
import { CauseCard } from "../cause/cause-card.tsx";
import { DistributionChart } from "../charts/distribution-chart.tsx";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { toModelScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useZoom } from "../shell/use-zoom.ts";
import { Button } from "../ui/button.tsx";
import { SentenceText } from "../ui/sentence-text.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { StatusShape } from "../ui/status-mark.tsx";
import { SideTable } from "./side-table.tsx";
import { StatisticTable } from "./statistic-table.tsx";

const refetchMs = 30_000;

export interface FeaturePanelProps {
  workspace: string;
  model: string;
  subject: string;
  feature: string;
  onClose: () => void;
}

/** What exactly changed in one feature: the answer, both distributions, the figures, and how it came. */
export function FeaturePanel({ workspace, model, subject, feature, onClose }: FeaturePanelProps) {
  const scope = useScope();
  const query = useQuery({
    ...featureDriftQuery(workspace, model, {
      ...toModelScope(scope),
      reference: scope.reference,
      statistic: scope.statistic,
      subject,
      feature,
    }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  return (
    <section
      aria-label={`Drift of ${feature === "" ? subject : feature}`}
      className="relative rounded-lg border px-4 py-4 xl:sticky xl:top-4 xl:max-h-[calc(100dvh-32px)] xl:overflow-y-auto"
    >
      <Button
        kind="quiet"
        size="iconSm"
        aria-label="Close the feature"
        onClick={onClose}
        className="absolute top-3 right-3"
      >
        <X size={16} aria-hidden />
      </Button>
      <QueryView query={query} what={`The drift of ${feature}`} skeleton={<PanelSkeleton />}>
        {(detail) => (
          <PanelBody
            workspace={workspace}
            model={model}
            detail={detail}
            subject={subject}
            feature={feature}
          />
        )}
      </QueryView>
    </section>
  );
}

function PanelBody({
  workspace,
  model,
  detail,
  subject,
  feature,
}: {
  workspace: string;
  model: string;
  detail: FeatureDriftDetail;
  subject: string;
  feature: string;
}) {
  const { zone, statistic, rangeText } = useScope();
  const zoom = useZoom();
  const answer = prepareFeatureDriftAnswer(detail, subject, feature, zone);
  const distribution = useMemo(() => prepareDistribution(detail), [detail]);
  const series = useMemo(
    () => prepareDriftSeries(detail, statistic, zone),
    [detail, statistic, zone],
  );
  return (
    <div className="flex flex-col gap-6">
      <div className="flex gap-2.5 pr-8">
        {answer.health !== null && (
          <span className="pt-1.5">
            <StatusShape status={answer.health} size={13} />
          </span>
        )}
        <div className="min-w-0">
          <h2 className="text-pretty font-semibold text-lg">
            <SentenceText parts={answer.headline} />
          </h2>
          <p className="mt-0.5 text-ink-2 text-sm">
            <SentenceText parts={answer.detail} />
          </p>
        </div>
      </div>
      {detail.drift?.verdict === "drift" && (
        <CauseCard workspace={workspace} model={model} subject={subject} feature={feature} />
      )}
      <DistributionChart
        title="Distribution"
        model={distribution}
        referenceLabel={detail.reference?.label ?? "baseline"}
        windowLabel={rangeText}
      />
      {detail.drift !== null && <StatisticTable drift={detail.drift} />}
      <TimeSeriesChart title="Over time" model={series} height={150} onZoom={zoom} />
      <SideTable reference={detail.referenceSide} window={detail.windowSide} />
    </div>
  );
}

function PanelSkeleton() {
  return (
    <div className="flex flex-col gap-6">
      <Skeleton className="h-5 w-3/4" />
      <Skeleton className="h-52 w-full" />
      <Skeleton className="h-28 w-full" />
      <Skeleton className="h-36 w-full" />
    </div>
  );
}
