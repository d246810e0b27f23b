"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import type { FeatureQualityDetail } from "#lib/api/quality.ts";
import { badRowsQuery, featureQualityQuery } from "#lib/api/quality.ts";
import { formatCount, formatNumber } from "#lib/charts/format-number.ts";
import { formatInstant } from "#lib/charts/format-time.ts";
import { checkNames } from "#lib/charts/name-quality.ts";
import { subjectLabel } from "#lib/charts/name-statistic.ts";
import { prepareCheckSeries } from "#lib/charts/prepare-check-series.ts";
import type { QualityCheckName } from "#lib/domain/quality.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useScope } from "../shell/use-scope.ts";
import { useZoom } from "../shell/use-zoom.ts";
import { Button } from "../ui/button.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { CheckTable } from "./check-table.tsx";
import { QualityMark } from "./quality-mark.tsx";

const refetchMs = 30_000;
const chartsMax = 4;

export interface QualityPanelProps {
  workspace: string;
  model: string;
  subject: string;
  feature: string;
  onClose: () => void;
}

/** What exactly is wrong with one feature: in words, by check, over time, and in rows. */
export function QualityPanel(props: QualityPanelProps) {
  const { workspace, model, subject, feature, onClose } = props;
  const scope = useScope();
  const query = useQuery({
    ...featureQualityQuery(workspace, model, {
      ...toSegmentScope(scope),
      ...scope.reference,
      subject,
      feature,
    }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  return (
    <section
      aria-label={`Quality of ${subjectLabel(subject, feature)}`}
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
      <QueryView query={query} what={`The quality of ${feature}`} skeleton={<PanelSkeleton />}>
        {(detail) => <PanelBody {...props} detail={detail} />}
      </QueryView>
    </section>
  );
}

function PanelBody({
  workspace,
  model,
  subject,
  feature,
  detail,
}: QualityPanelProps & { detail: FeatureQualityDetail }) {
  const { zone } = useScope();
  const { quality } = detail;
  const charts = detail.series.slice(0, chartsMax);
  const bad = charts[0]?.check;
  return (
    <div className="flex flex-col gap-6">
      <div className="min-w-0 pr-8">
        <h2 className="break-words font-mono font-semibold text-lg">
          {subjectLabel(subject, feature)}
        </h2>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <QualityMark verdict={quality.verdict} />
          {quality.since !== null && (
            <span className="text-ink-2">
              since {formatInstant(Date.parse(quality.since), zone)}
              {quality.until !== null &&
                `, over at ${formatInstant(Date.parse(quality.until), zone)}`}
            </span>
          )}
        </p>
        <p className="mt-1 text-ink-2 text-sm">{quality.reason}</p>
      </div>
      <CheckTable quality={quality} />
      <Expected quality={quality} />
      {quality.unseen.length > 0 && <UnseenList quality={quality} />}
      {charts.map((series) => (
        <CheckChart key={series.check} detail={detail} check={series.check} />
      ))}
      {bad !== undefined && subject === "feature" && (
        <BadRowList workspace={workspace} model={model} feature={feature} check={bad} />
      )}
    </div>
  );
}

function CheckChart({ detail, check }: { detail: FeatureQualityDetail; check: QualityCheckName }) {
  const { zone } = useScope();
  const zoom = useZoom();
  const model = useMemo(() => {
    const series = detail.series.find((each) => each.check === check);
    return series === undefined ? null : prepareCheckSeries(detail, series, zone);
  }, [detail, check, zone]);
  if (model === null) return null;
  return (
    <TimeSeriesChart
      title={`Over time: ${checkNames[check]}`}
      model={model}
      height={140}
      onZoom={zoom}
    />
  );
}

function Expected({ quality }: { quality: FeatureQualityDetail["quality"] }) {
  const { minimum, maximum, allowedValues, allowedCount, isRequired } = quality.expectation;
  const parts = [
    ...(minimum !== null || maximum !== null
      ? [`${formatNumber(minimum)} to ${formatNumber(maximum)}`]
      : []),
    ...(allowedValues !== null && allowedCount !== null
      ? [
          `${formatCount(allowedCount)} values: ${allowedValues.slice(0, 5).join(", ")}${allowedCount > 5 ? " …" : ""}`,
        ]
      : []),
    ...(isRequired ? ["required"] : []),
  ];
  if (parts.length === 0) return null;
  return (
    <p className="text-sm">
      <span className="font-medium">Expected:</span>{" "}
      <span className="break-words text-ink-2">{parts.join("; ")}</span>
    </p>
  );
}

function UnseenList({ quality }: { quality: FeatureQualityDetail["quality"] }) {
  return (
    <section aria-label="Unseen values">
      <h3 className="font-medium text-sm">
        {formatCount(quality.unseenCount)} unseen {quality.unseenCount === 1 ? "value" : "values"}
      </h3>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {quality.unseen.map(({ name, count }) => (
          <li key={name} className="rounded-sm border px-1.5 py-0.5 text-xs">
            <span className="break-all font-mono">{name === "" ? "(empty)" : name}</span>{" "}
            <span className="tabular text-ink-3">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface BadRowListProps {
  workspace: string;
  model: string;
  feature: string;
  check: QualityCheckName;
}

function BadRowList({ workspace, model, feature, check }: BadRowListProps) {
  const scope = useScope();
  const query = useQuery(
    badRowsQuery(workspace, model, {
      ...toSegmentScope(scope),
      ...scope.reference,
      feature,
      check,
    }),
  );
  return (
    <section aria-label="Some of these rows">
      <h3 className="font-medium text-sm">Some rows: {checkNames[check]}</h3>
      <QueryView query={query} what="Some of these rows" skeleton={<Skeleton className="h-20" />}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="mt-1 text-ink-3 text-sm">Their raw rows are no longer stored.</p>
          ) : (
            <ul className="mt-1 divide-y rounded-lg border">
              {rows.map((row) => (
                <li
                  key={row.predictionId}
                  className="flex items-center gap-x-3 px-3 py-1.5 text-sm"
                >
                  <Link
                    href={scope.href(paths.model(workspace, model, "rows"), {
                      predictionId: row.predictionId,
                    })}
                    prefetch={false}
                    className="min-w-0 truncate font-mono text-accent hover:underline"
                  >
                    {row.predictionId}
                  </Link>
                  <span className="min-w-0 flex-1 truncate font-mono">
                    {row.value === "" ? "absent" : row.value}
                  </span>
                  <span className="shrink-0 text-ink-3">
                    <TimeText iso={row.timestamp} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </section>
  );
}

function PanelSkeleton() {
  return (
    <div className="flex flex-col gap-6">
      <Skeleton className="h-5 w-3/4" />
      <Skeleton className="h-40 w-full" />
      <Skeleton className="h-36 w-full" />
    </div>
  );
}
