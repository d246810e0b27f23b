"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useMemo } from "react";
import type { FeatureSkew, FeatureSkewDetail } from "#lib/api/skew.ts";
import { featureSkewQuery } from "#lib/api/skew.ts";
import { formatCount, formatNumber, formatShare } from "#lib/charts/format-number.ts";
import { prepareFeatureSkewAnswer } from "#lib/charts/prepare-skew-answer.ts";
import { prepareSkewSeries } from "#lib/charts/prepare-skew-series.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { VerdictMark } from "../drift/verdict-mark.tsx";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useZoom } from "../shell/use-zoom.ts";
import { Button } from "../ui/button.tsx";
import { SentenceText } from "../ui/sentence-text.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { StatusShape } from "../ui/status-mark.tsx";
import { PairTable } from "./pair-table.tsx";
import { SampleTable } from "./sample-table.tsx";

const refetchMs = 30_000;

export interface SkewPanelProps {
  workspace: string;
  model: string;
  feature: string;
  beside: FeatureSkew["drift"];
  baselineLabel: string | null;
  onClose: () => void;
}

/** What differs in one feature: the answer, when it began, what explains it, and predictions to look at. */
export function SkewPanel(props: SkewPanelProps) {
  const { workspace, model, feature, onClose } = props;
  const scope = useScope();
  const query = useQuery({
    ...featureSkewQuery(workspace, model, { ...toSegmentScope(scope), feature }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  return (
    <section
      aria-label={`Skew of ${feature}`}
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
      <QueryView query={query} what={`The skew of ${feature}`} skeleton={<PanelSkeleton />}>
        {(detail) => <PanelBody {...props} detail={detail} />}
      </QueryView>
    </section>
  );
}

function PanelBody({
  workspace,
  model,
  feature,
  beside,
  baselineLabel,
  detail,
}: SkewPanelProps & { detail: FeatureSkewDetail }) {
  const { zone } = useScope();
  const zoom = useZoom();
  const answer = prepareFeatureSkewAnswer(detail, feature, zone);
  const series = useMemo(() => prepareSkewSeries(detail, zone), [detail, zone]);
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
      <TimeSeriesChart
        title="Differing pairs over time"
        model={series}
        height={150}
        onZoom={zoom}
      />
      <Explanations detail={detail} />
      <PairTable detail={detail} />
      <SampleTable workspace={workspace} model={model} detail={detail} />
      {beside !== null && (
        <section aria-label="Drift from training" className="text-sm">
          <h3 className="mb-1 font-medium">As served, against training</h3>
          <p className="flex flex-wrap items-center gap-x-2 text-ink-2">
            <VerdictMark verdict={beside.verdict} />
            {beside.psi !== null && <span>PSI {formatNumber(beside.psi)}.</span>}
            <span>
              {beside.reason}, {baselineLabel}.
            </span>
          </p>
        </section>
      )}
    </div>
  );
}

function Explanations({ detail }: { detail: FeatureSkewDetail }) {
  if (detail.sampleCount === 0) return null;
  return (
    <section aria-label="What explains it" className="text-sm">
      <h3 className="mb-1 font-medium">What turns offline into served</h3>
      {detail.explanations.length === 0 ? (
        <p className="text-ink-2">
          No named transformation explains half of the {formatCount(detail.sampleCount)} newest
          differing predictions.
        </p>
      ) : (
        <ul>
          {detail.explanations.map(({ kind, text, share, explainedCount, pairCount }) => (
            <li
              key={`${kind} ${text}`}
              className="flex items-baseline justify-between gap-3 border-b py-1.5"
            >
              <span className="font-mono">{text}</span>
              <span className="tabular whitespace-nowrap text-ink-2">
                {formatShare(share)}{" "}
                <span className="text-ink-3">
                  {formatCount(explainedCount)} of {formatCount(pairCount)}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function PanelSkeleton() {
  return (
    <div className="flex flex-col gap-6">
      <Skeleton className="h-5 w-3/4" />
      <Skeleton className="h-36 w-full" />
      <Skeleton className="h-20 w-full" />
      <Skeleton className="h-52 w-full" />
    </div>
  );
}
