"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import type { FeatureDriftDetail } from "#lib/api/drift.ts";
import { featureDriftQuery } from "#lib/api/drift.ts";
import { prepareDistribution } from "#lib/charts/prepare-distribution.ts";
import { prepareDriftSeries } from "#lib/charts/prepare-drift-series.ts";
import { prepareFeatureDriftAnswer } from "#lib/charts/prepare-feature-drift-answer.ts";
import { driftMeasureSchema } from "#lib/domain/health.ts";
import { CauseCard } from "../cause/cause-card.tsx";
import { DistributionChart } from "../charts/distribution-chart.tsx";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { QueryView } from "../request/query-view.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { useZoom } from "../shell/use-zoom.ts";
import { Button } from "../ui/button.tsx";
import { SentenceText } from "../ui/sentence-text.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { StatusShape } from "../ui/status-mark.tsx";
import { CategoryChanges } from "./category-changes.tsx";
import { QuestionList } from "./question-list.tsx";
import { SideTable } from "./side-table.tsx";
import { StatisticTable } from "./statistic-table.tsx";
import { toDriftScope } from "./to-drift-scope.ts";

// Few open it, and it carries code and tables of its own.
const ExplainPanel = dynamic(() =>
  import("./explain-panel.tsx").then((module) => module.ExplainPanel),
);

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
    ...featureDriftQuery(workspace, model, { ...toDriftScope(scope), subject, feature }),
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

interface PanelBodyProps extends Omit<FeaturePanelProps, "onClose"> {
  detail: FeatureDriftDetail;
}

function PanelBody({ workspace, model, detail, subject, feature }: PanelBodyProps) {
  const { get, set } = useUrlState();
  const explained = driftMeasureSchema.safeParse(get("explain")).data ?? null;
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
      {detail.drift?.verdict === "drift" && subject !== "label" && (
        <CauseCard workspace={workspace} model={model} subject={subject} feature={feature} />
      )}
      <DistributionChart
        title="Distribution"
        model={distribution}
        referenceLabel={detail.reference?.label ?? "baseline"}
        windowLabel={rangeText}
      />
      {detail.drift !== null && <CategoryChanges drift={detail.drift} />}
      <TimeSeriesChart title="Over time" model={series} height={150} onZoom={zoom} />
      {detail.drift !== null && <QuestionList drift={detail.drift} />}
      {detail.drift !== null && (
        <StatisticTable
          drift={detail.drift}
          explained={explained}
          onExplain={(measure) => set({ explain: measure })}
        />
      )}
      {explained !== null && detail.drift !== null && subject !== "label" && (
        <ExplainPanel
          key={explained}
          workspace={workspace}
          model={model}
          subject={subject}
          feature={feature}
          measure={explained}
          onClose={() => set({ explain: null })}
        />
      )}
      <SideTable
        isBaseline={detail.reference?.kind === "baseline"}
        reference={detail.referenceSide}
        window={detail.windowSide}
      />
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
